"""What an instruction is worth: the turns of a chat, a prompt with its answers."""
