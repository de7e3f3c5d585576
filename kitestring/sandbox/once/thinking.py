"""Steps 1 and 2: a brief that says one thing, and the way from many ideas to one decision."""

from __future__ import annotations

from kitestring.domains.ideas.rules import second_verbs
from kitestring.sandbox.once import queries
from kitestring.sandbox.once.door import WrongAnswer
from kitestring.sandbox.once.stage import Stage

IDEAS = (
    "Ngụm đầu đừng khuấy, ngụm thứ hai khuấy ba vòng.", "Thử mù bảy loại muối, quay mặt người nếm, không quay ly.",
    "Cô Sáu đong muối bằng mắt, hai mươi năm không sai.", "Đổ kem ngược có chìm không? Cá cược một cái bánh gừng.",
    "一杯咸咖啡的三种喝法，旅行者拍给旅行者看。", "Ask ten travellers at the counter: stir or do not stir?",
    "Cô Sáu đong muối bằng mắt, hai mươi năm không sai!", "Bản đồ vị mặn từ Huế vào Bạc Liêu.",
)  # fmt: skip
PICKED = "Ngụm đầu đừng khuấy"
REASON = "Dạy được một động tác; ai xem xong cũng làm được ngay tại bàn."
TWO_VERBS = "Ghé quán, rồi bình luận vị bạn thích."
ONE_VERB = "Ghé quán, nói “khuấy ba vòng”."


def brief(stage: Stage) -> str:
    """1: the second verb is warned of; holes block the decision, not the draft."""
    ha = stage.doors["ha"]
    page = ha.post("/briefs/", {"title": "Cà phê muối, vào mùa lạnh"})
    path = page.path
    brief_id = stage.ids["brief"] = path.strip("/").split("/")[1]
    answers = {
        "objective": "Mùa lạnh, khách gọi đồ nóng nhiều hơn nhưng chỉ quanh ba món cũ.",
        "audience": "Người tan làm muộn, chưa muốn về nhà ngay.",
        "insight": "Nghe “cà phê muối” thì tò mò, nhưng sợ gọi sai trước mặt bạn bè.",
        "response": "visit",
        "response_object": TWO_VERBS,
        "measure": "Một trăm lượt thích mỗi bài.",
    }
    said = ha.post(path, {**answers, "version": 1}).text
    verbs = second_verbs(TWO_VERBS, "visit")
    if not verbs or any(verb not in said for verb in verbs):
        raise WrongAnswer("The brief does not warn of its second verb.")
    ha.post(f"{path}ideas/", {"ideas": IDEAS[0]})
    idea = queries.idea_with(brief_id, PICKED)
    ha.post(f"{path}decision/", {"idea": str(idea.pk), "reason": REASON}, want=422)
    version = queries.brief(brief_id).version
    ha.post(
        path,
        {"response_object": ONE_VERB, "key_message": "Ngụm đầu đừng khuấy.", "version": version},
    )
    return f"brief {brief_id}: “{', '.join(verbs)}” warned of; without a key message the decision waits, the draft is kept"


def ideas(stage: Stage) -> str:
    """2: many at once, blind votes, shortlist, a decision with its reason; campaign and draft in one go."""
    brief_id = stage.ids["brief"]
    path = f"/briefs/{brief_id}/"
    stage.doors["quan"].post(f"{path}ideas/", {"ideas": "\n".join(IDEAS[1:])})
    number = queries.idea_count(brief_id)
    picked = queries.idea_with(brief_id, PICKED)
    votes = 0
    for key in ("quan", "lan", "zhou", "tuan"):
        stage.doors[key].post(f"/ideas/{picked.pk}/vote/", {"yes": "1"})
        votes += 1
    for words in (PICKED, "Thử mù"):
        found = queries.idea_with(brief_id, words)
        stage.doors["quan"].post(f"/ideas/{found.pk}/shortlist/", {"on": "1"})
    page = stage.doors["zhou"].post(f"{path}decision/", {"idea": str(picked.pk), "reason": REASON})
    campaign = queries.campaign_of(brief_id)
    if str(campaign.pk) not in page.path:
        raise WrongAnswer("The decision does not land on its campaign.")
    stage.ids["campaign"], stage.ids["idea"] = str(campaign.pk), str(picked.pk)
    stage.ids["post"] = str(queries.posts_of(campaign.pk)[0].pk)
    day = {"starts_on": "", "ends_on": ""}
    goal = {"name": campaign.name, "goal": campaign.goal, "goal_metric": "likes", "goal_value": "100", **day}
    stage.doors["zhou"].post(f"/campaigns/{campaign.pk}/", goal)
    return f"{number} ideas, {votes} blind votes, decided: campaign {campaign.pk}, draft {stage.ids['post']}"
