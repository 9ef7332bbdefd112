"""Labels as the trade prints them, for the tests of this room."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

from suyuan.labels.model import Bilingual, LabelContent, LabelItem, NutritionPanel
from suyuan.trace.products.gs1 import day_element, element, sscc_of

HOST = "suyuan.example.cn"
TRACE_CODE = "5406260482913574"
SERIAL = "483920381123"


def signed_url(seed: int, path: str | None = None, host: str = HOST) -> str:
    """A code with the shape of a signed one; its 164 digits are random."""
    source = random.Random(seed)
    digits = "".join(source.choice("0123456789") for _ in range(164))
    return f"https://{host}/1{digits}{path or f'/t/{TRACE_CODE}/{SERIAL}'}"


def item(
    key: str,
    heading: str,
    text: str,
    *,
    heading_bo: str | None = None,
    text_bo: str | None = None,
    height: float = 1.8,
) -> LabelItem:
    return LabelItem(key, Bilingual(heading, heading_bo), Bilingual(text, text_bo), height)


JERKY_ITEMS = (
    item("product_name", "产品名称", "风干牦牛肉（原味）", text_bo="གཡག་ཤ་སྐམ་པོ།"),
    item("ingredients", "配料", "牦牛后腿肉（西藏索县）、食用盐、花椒、辣椒、白砂糖、酿造酱油"),
    item("net_content", "净含量", "200 g", height=3.0),
    item("category", "产品类别", "肉干"),
    item("producer", "生产者", "索县雅拉牦牛养殖农牧民专业合作社", heading_bo="ཐོན་སྐྱེད་པ།"),
    item("address", "地址", "西藏那曲市索县亚拉镇加勤乡路12号", heading_bo="ཁ་བྱང་།"),
    item("phone", "联系电话", "0896-3721234"),
    item("origin", "产地", "西藏那曲市索县", heading_bo="ཐོན་ས།"),
    item("production_date", "生产日期", "2026-11-02", heading_bo="ཐོན་སྐྱེད་ཚེས་གྲངས།"),
    item("shelf_life", "保质期", "6个月（至2027-05-01）"),
    item("storage", "贮存条件", "阴凉干燥处，开封后0～4℃冷藏并尽快食用"),
    item("licence", "食品生产许可证", "SC10454062600123"),
    item("standard", "产品标准代号", "GB/T 23969"),
    item("allergens", "致敏物质提示", "含有大豆、小麦制品"),
)

JERKY_MANDATORY = tuple(each.key for each in JERKY_ITEMS)

PANEL = NutritionPanel(
    "营养成分表",
    ("项目", "每100 g", "NRV%"),
    (
        ("能量", "1320 kJ", "16%"),
        ("蛋白质", "58.4 g", "97%"),
        ("脂肪", "5.6 g", "9%"),
        ("饱和脂肪", "2.3 g", "12%"),
        ("碳水化合物", "7.0 g", "2%"),
        ("糖", "4.1 g", ""),
        ("钠", "860 mg", "43%"),
    ),
    "儿童青少年应避免过量摄入盐油糖",
)

JERKY = LabelContent(
    items=JERKY_ITEMS,
    url=signed_url(1),
    trace_code=TRACE_CODE,
    serial=SERIAL,
    complaint_phone="0896-3720315",
    mandatory=JERKY_MANDATORY,
    nutrition=PANEL,
    declares_items_on_pack=True,
)

# The items of GB 7718-2011 alone, headings in Chinese: what 70 × 50 mm can carry.
_LEFT_OUT = {"category", "origin"}
COMPACT = replace(
    JERKY,
    items=tuple(
        replace(each, heading=Bilingual(each.heading.zh))
        for each in JERKY_ITEMS
        if each.key not in _LEFT_OUT
    ),
    mandatory=tuple(key for key in JERKY_MANDATORY if key not in _LEFT_OUT),
    nutrition=None,
)

# With the panel on 80 × 60 mm the note stands among the items, where there is room for it.
NOTE = item("nutrition_note", "", "儿童青少年应避免过量摄入盐油糖")
WITH_PANEL = replace(
    COMPACT,
    items=(*COMPACT.items, NOTE),
    mandatory=(*COMPACT.mandatory, "nutrition_panel", "nutrition_note"),
    nutrition=replace(PANEL, note=""),
)


def with_text(content: LabelContent, key: str, text: str) -> LabelContent:
    """The label with another Chinese text under one item."""
    return replace(
        content,
        items=tuple(
            replace(each, text=Bilingual(text)) if each.key == key else each
            for each in content.items
        ),
    )


SACK_ITEMS = (
    item("product_name", "产品名称", "青稞（原粮）", text_bo="ནས།"),
    item("batch_quantity", "数量", "50 kg × 20 袋", heading_bo="གྲངས་འབོར།"),
    item("origin", "产地", "西藏那曲市索县荣布镇", heading_bo="ཐོན་ས།"),
    item("producer", "生产者", "索县荣布青稞种植专业合作社", heading_bo="ཐོན་སྐྱེད་པ།"),
    item("production_date", "采收日期", "2026-09-18"),
    item("storage", "贮存条件", "常温、干燥、防潮防鼠", heading_bo="ཉར་ཚགས་ཆ་རྐྱེན།"),
)

SACK = LabelContent(
    items=SACK_ITEMS,
    url=signed_url(2, f"/t/{TRACE_CODE}"),
    trace_code=TRACE_CODE,
    serial=None,
    complaint_phone="0896-3720315",
    mandatory=("product_name", "origin", "producer"),
)

# What each template is printed with.
WITH_PIN = replace(JERKY, pin="40279315")

SSCC = element("00", sscc_of("06901234000000001"))
CARTON = replace(
    SACK,
    elements=(
        SSCC,
        element("02", "06901234567892"),
        element("37", "24"),
        day_element("15", date(2027, 5, 1)),
        element("10", "2026-11B/7"),
    ),
)

# The smallest label has room for a name of a line or two.
SHORT_NAMED = with_text(JERKY, "product_name", "牦牛肉干")

BY_TEMPLATE = {
    "trace-40x30": SHORT_NAMED,
    "trace-50x30": JERKY,
    "trace-70x50-net": JERKY,
    "complete-70x50": COMPACT,
    "complete-80x60": WITH_PANEL,
    "complete-70x100": JERKY,
    "complete-100x80": JERKY,
    "batch-100x70": SACK,
    "bulk-100x80": SACK,
    "carton-100x150": replace(CARTON, elements=(SSCC,)),
    "carton-148x210": CARTON,
    "trace-70x40-pin": WITH_PIN,
    "complete-100x90-pin": WITH_PIN,
}
