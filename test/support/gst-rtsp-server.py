#!/usr/bin/python3
"""GStreamer's RTSP server as a camera for tests: serves one launch line, prints {"port": N}, ends when stdin closes."""
import argparse
import json
import os
import sys
import threading

try:
    import gi
except ImportError:
    # Version managers put a python3 without Debian's python3-gi first on PATH.
    if sys.executable == "/usr/bin/python3" or not os.path.exists("/usr/bin/python3"):
        raise
    os.execv("/usr/bin/python3", ["/usr/bin/python3", *sys.argv])

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

AUTH_METHODS = {"digest": GstRtsp.RTSPAuthMethod.DIGEST, "basic": GstRtsp.RTSPAuthMethod.BASIC}


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--launch", required=True, help="pipeline in parentheses with payloaders pay0, pay1, …")
    parser.add_argument("--path", default="/live")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--user", default="user")
    parser.add_argument("--password", default="password")
    parser.add_argument("--auth", choices=["digest", "basic", "none"], default="none")
    parser.add_argument("--protocols", choices=["any", "tcp", "udp"], default="any")
    return parser.parse_args()


def make_auth(method: str, user: str, password: str) -> GstRtspServer.RTSPAuth:
    token = GstRtspServer.RTSPToken()
    token.set_string(GstRtspServer.RTSP_TOKEN_MEDIA_FACTORY_ROLE, user)
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(AUTH_METHODS[method])
    if method == "digest":
        auth.add_digest(user, password, token)
    else:
        auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    return auth


def permit(factory: GstRtspServer.RTSPMediaFactory, user: str) -> None:
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_permission_for_role(user, GstRtspServer.RTSP_PERM_MEDIA_FACTORY_ACCESS, True)
    permissions.add_permission_for_role(user, GstRtspServer.RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, True)
    factory.set_permissions(permissions)


def main() -> None:
    options = parse_arguments()
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address(options.host)
    server.set_service(str(options.port))
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(options.launch)
    factory.set_shared(True)
    if options.protocols != "any":
        tcp = options.protocols == "tcp"
        factory.set_protocols(GstRtsp.RTSPLowerTrans.TCP if tcp else GstRtsp.RTSPLowerTrans.UDP)
    if options.auth != "none":
        server.set_auth(make_auth(options.auth, options.user, options.password))
        permit(factory, options.user)
    server.get_mount_points().add_factory(options.path, factory)
    if server.attach(None) == 0:
        sys.exit(f"port {options.port} is taken")
    loop = GLib.MainLoop()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    print(json.dumps({"port": server.get_bound_port()}), flush=True)
    loop.run()


if __name__ == "__main__":
    main()
