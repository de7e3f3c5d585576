"""What people type on the line, in the three languages: real sentences, so that type and widths are tried on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Words:
    """One brand's evening. `warned`: a sentence that asks for a second thing beside `response`."""

    language: str
    zone: str
    owner: str
    workspace: str
    brand: str
    brief: str
    key_message: str
    response: str
    asked: str
    warned: str
    ideas: tuple[str, ...]
    reason: str
    text: str
    own_text: str
    alt: str
    question: str
    answer: str


ENGLISH: Final = Words(
    "en",
    "Europe/London",
    "Mira Okafor",
    "Crumb & Co",
    "Crumb",
    "The last warm loaf",
    "The last loaf of the day is the warmest one.",
    "visit",
    "come by before eight",
    "come by before eight and share a picture with a friend",
    (
        "- A bell that rings when the last loaf leaves the oven",
        "- Give the last loaf to the person who waited longest",
        "- a bell that rings when the last loaf leaves the oven",
        "- Ten photographs of the empty shelf",
    ),
    "It happens every evening anyway, and anybody can hear it.",
    "At ten to eight a bell rings here. It means one thing: the last loaf is out, and it is warm.",
    "Ten to eight. The bell. The last loaf.",
    "A round loaf on a wooden board, steam above it",
    "Do you ring on Sundays too?",
    "We do, Ada: Sundays at half past six.",
)
CHINESE: Final = Words(
    "zh-hans",
    "Asia/Shanghai",
    "沈若青",
    "青岚文化传播有限公司",
    "青岚茶馆",
    "冬至夜的一壶老白茶",
    "冬至这一晚，茶馆为晚归的人留一盏灯。",
    "visit",
    "冬至晚上九点前到店坐坐",
    "冬至晚上九点前到店坐坐，并转发给三位好友",
    (
        "1. 请每位晚归的客人写一句“今天最暖的一刻”",
        "2. 门口挂一盏灯，人来一位，灯亮一格",
        "3. 门口挂一盏灯，人来一位，灯亮一格",
        "4. 拍一壶茶从生火到出汤的二十分钟",
    ),
    "灯是现成的，路过的人都看得见；放弃了需要三周准备的长片。",
    "冬至夜，茶馆的灯比平时晚熄两个小时。谁还在路上，就进来喝一口热的。",
    "冬至夜，灯晚两小时熄。进来喝口热茶。",
    "雪夜里茶馆门口亮着的一盏纸灯",
    "请问带孩子可以一起来吗？",
    "当然可以，林女士，我们备了不含茶的暖饮。",
)
VIETNAMESE: Final = Words(
    "vi",
    "Asia/Ho_Chi_Minh",
    "Nguyễn Thị Ánh Nguyệt",
    "Công ty Cà phê Hiên",
    "Hiên Cà Phê",
    "Ly cà phê đầu tiên của buổi sáng",
    "Ai đến trước sáu giờ rưỡi cũng được gọi tên khi nhận ly.",
    "visit",
    "ghé quán trước sáu giờ rưỡi",
    "ghé quán trước sáu giờ rưỡi và chia sẻ ảnh cho ba người bạn",
    (
        "• Viết tên từng người khách đầu tiên lên bảng phấn",
        "• Quay cảnh mở cửa quán lúc năm giờ bốn mươi lăm",
        "• Viết tên từng người khách đầu tiên lên bảng phấn",
        "• Kể chuyện bác bảo vệ uống cà phê suốt mười hai năm",
    ),
    "Bảng phấn đã có sẵn, ai đi ngang cũng đọc được; chúng ta bỏ đoạn phim dài.",
    "Sáu giờ sáng, bảng phấn trước Hiên còn trống. Tên đầu tiên hôm nay có thể là tên bạn.",
    "Sáu giờ sáng. Bảng còn trống. Tên bạn nhé?",
    "Bảng phấn trước quán còn trống, ghế mây hai bên",
    "Quán mình chủ nhật có mở sớm vậy không ạ?",
    "Dạ có, chị Thảo ơi, chủ nhật quán mở lúc sáu giờ ạ.",
)
ALL: Final = (ENGLISH, CHINESE, VIETNAMESE)
