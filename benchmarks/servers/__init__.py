"""Our servers beside the default bot of `rasa init` with its action server, and beside the least a server can do."""
