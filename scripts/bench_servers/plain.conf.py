"""gunicorn for the tutorial's pages: over a control socket, parallel servers would stumble."""

control_socket_disable = True
