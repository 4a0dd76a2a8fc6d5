"""What all messaging platforms share: deliveries checked and written down, replies shaped, sent once and in order."""
