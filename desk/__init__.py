"""The web room: the counsellors' desk and the web chat.

`desk.app.create_app` wires it together; what happens to a ticket is decided in `casework`, never here.
"""
