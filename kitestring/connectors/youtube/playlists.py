"""Putting a video into one of the channel's playlists, once."""

from __future__ import annotations

from kitestring.connectorkit.contract import Session
from kitestring.connectorkit.errors import Rejected
from kitestring.connectors.youtube.client import data


async def put(session: Session, playlist: str, video: str) -> None:
    """Quiet where it is in there already, or where no list is named. Raises Rejected("options.playlist")."""
    if not playlist:
        return
    api = data(session)
    try:
        found = await api.read("playlistItems", part="id", playlistId=playlist, videoId=video)
        if found.get("items"):
            return
        resource = {"kind": "youtube#video", "videoId": video}
        body = {"snippet": {"playlistId": playlist, "resourceId": resource}}
        await api.call("POST", "playlistItems", write=False, params={"part": "snippet"}, body=body)
    except Rejected as error:
        if error.reason == "not_there":
            raise Rejected("options.playlist", "playlist_gone", said=error.said) from error
        raise
