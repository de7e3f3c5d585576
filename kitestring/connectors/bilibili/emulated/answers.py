"""How Bilibili answers: 200, and in the body a number with words, or the data."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web

from kitestring.connectorkit.emulation import Manners

WORDS = {
    4000: "参数错误",
    4002: "签名异常",
    4003: "请求过期",
    4004: "重复请求",
    4006: "签名版本异常",
    4008: "MD5校验失败",
    122000: "client_id错误",
    122001: "client_secret 错误",
    122002: "code未找到",
    122007: "refreshToken不合法",
    123004: "不存在该稿件",
    123007: "当前稿件已锁定",
    123009: "该分区不存在",
    123012: "Tag参数不合法",
    123013: "标题不合法",
    123015: "新增稿件同一个标题短时间内不能重复提交",
    123016: "稿件转载来源不能为空",
    123018: "稿件描述长度太长，已超过限制",
    123026: "您投稿的频率过快，请稍等30秒",
    123030: "稿件标题过长,已经超过80个字符",
    123036: "非正式会员单日只能投递五个稿件",
    123038: "封面不允许使用gif",
    127001: "access_token验证错误",
    127004: "client_id验证错误",
    127007: "应用无该接口权限",
    127011: "该接口用户未授权",
    127022: "upload_token验证错误",
    127102: "文件类型错误",
    127306: "接口请求频率过高，请确保请求量正常",
    129004: "封面图地址错误",
    129005: "专栏标题含有特殊文字或者标题长度大于40",
}


class Refusal(Exception):
    """An answer with a number that is not 0."""

    def __init__(self, code: int) -> None:
        super().__init__(WORDS.get(code, ""))
        self.answer = said(code)


def said(code: int, data: Any = None) -> web.Response:
    body: dict[str, Any] = {"code": code, "message": "0" if code == 0 else WORDS.get(code, ""), "ttl": 1}
    return web.json_response(body if data is None else {**body, "data": data})


def good(data: Any = None) -> web.Response:
    return said(0, data)


MANNERS = Manners(
    busy=lambda: said(127306),
    unauthorized=lambda: said(127001),
    broken=lambda: web.json_response({"code": -500, "message": "服务器错误"}, status=500),
    retired=lambda: said(4006),
)


@web.middleware
async def refusals(request: web.Request, handler: Any) -> web.StreamResponse:
    try:
        answer: web.StreamResponse = await handler(request)
    except Refusal as refusal:
        return refusal.answer
    return answer


async def body_of(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError as error:
        raise Refusal(4000) from error
    return body if isinstance(body, dict) else {}
