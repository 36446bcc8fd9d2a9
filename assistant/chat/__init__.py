"""The chat page; nothing else imports Gradio."""
