"""The web app. The only room that knows Gradio."""
