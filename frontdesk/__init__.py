"""What a clinic's front desk knows and does: plain Python that imports nothing of Rasa, Sanic or the channels."""
