"""Who is in the demonstration: invented organisations and places, as they might be.

Seats are those of Sog, Nagqu, Kazuo, Neixiang and Baisha; names and telephones are made up.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Player:
    """An organisation: its key, kind, name, seat, the first two characters of its USCC, people.

    ``people`` are (key, name, role); ``checked_by`` the key of the regulator's person, if any.
    """

    key: str
    kind: str
    name: str
    division: str
    entity: str
    phone: str
    people: tuple[tuple[str, str, str], ...]
    names: tuple[tuple[str, str], ...] = ()
    address: str = ""
    supervision: str = ""
    parent: str = ""
    checked_by: str = ""


REGULATORS = (
    Player(
        "sog_bureau",
        "regulator",
        "索县农业农村局",
        "540626",
        "11",
        "0896-3731234",
        (("sog_inspector", "次仁罗布", "supervisor"),),
        (("en", "Sog County Agriculture and Rural Affairs Bureau"),),
        "索县亚拉镇政府路1号",
        "0896-3731235",
    ),
    Player(
        "nagqu_market",
        "regulator",
        "那曲市市场监督管理局",
        "540600",
        "11",
        "0896-3821234",
        (("nagqu_inspector", "旺堆", "supervisor"),),
        (("en", "Nagqu Market Supervision Administration"),),
        "那曲市色尼区浙江中路",
        "0896-3821235",
    ),
    Player(
        "kazuo_market",
        "regulator",
        "喀喇沁左翼蒙古族自治县市场监督管理局",
        "211324",
        "11",
        "0421-4861234",
        (("kazuo_inspector", "包明", "supervisor"),),
        (("en", "Kazuo Market Supervision Administration"),),
        "喀左县大城子街道",
        "0421-4861235",
    ),
    Player(
        "neixiang_bureau",
        "regulator",
        "内乡县农业农村局",
        "411325",
        "11",
        "0377-65331234",
        (("neixiang_inspector", "李卫东", "supervisor"),),
        (("en", "Neixiang County Agriculture and Rural Affairs Bureau"),),
        "内乡县县衙路",
        "0377-65331235",
    ),
)
PLAYERS = (
    Player(
        "station",
        "county_station",
        "索县电子商务公共服务中心",
        "540626",
        "12",
        "0896-3732001",
        (("station_head", "德吉", "head"),),
        (("en", "Sog County E-commerce Service Centre"),),
        "索县亚拉镇",
        checked_by="sog_inspector",
    ),
    Player(
        "yak_coop",
        "cooperative",
        "索县亚拉牦牛养殖农民专业合作社",
        "540626100",
        "93",
        "0896-3732210",
        (("yak_head", "扎西次仁", "head"), ("yak_clerk", "卓玛", "clerk")),
        (("en", "Sog Yala Yak Co-operative"),),
        "索县亚拉镇2村",
        checked_by="sog_inspector",
    ),
    Player(
        "herders_a",
        "household_group",
        "亚拉镇2村联户一组",
        "540626100",
        "N3",
        "",
        (("herder_a", "平措", "head"),),
        parent="yak_coop",
        checked_by="sog_inspector",
    ),
    Player(
        "herders_b",
        "household_group",
        "亚拉镇5村联户",
        "540626100",
        "N3",
        "",
        (("herder_b", "索朗", "head"),),
        parent="yak_coop",
        checked_by="sog_inspector",
    ),
    Player(
        "gatherers",
        "cooperative",
        "索县荣布虫草采集农民专业合作社",
        "540626101",
        "93",
        "0896-3732330",
        (("gather_head", "洛桑", "head"),),
        (("en", "Sog Rongbu Cordyceps Co-operative"),),
        "索县荣布镇",
        checked_by="sog_inspector",
    ),
    Player(
        "plant",
        "processor",
        "那曲羌塘肉类加工有限公司",
        "540602",
        "91",
        "0896-3825566",
        (("plant_head", "格桑", "head"), ("plant_clerk", "王建国", "quality_officer")),
        (("en", "Nagqu Changtang Meat Processing Co."),),
        "那曲市色尼区物流园A区8号",
        checked_by="nagqu_inspector",
    ),
    Player(
        "carrier",
        "logistics",
        "西藏羌塘冷链物流有限公司",
        "540602",
        "91",
        "0896-3826677",
        (("carrier_head", "刘强", "head"),),
        address="那曲市色尼区物流园",
        checked_by="nagqu_inspector",
    ),
    Player(
        "lhasa_shop",
        "retailer",
        "拉萨八廓高原特产店",
        "540102",
        "92",
        "0891-6321188",
        (("lhasa_clerk", "央金", "head"),),
        (("en", "Lhasa Barkhor Highland Shop"),),
        "拉萨市城关区八廓街",
        checked_by="operator",
    ),
    Player(
        "nagqu_shop",
        "retailer",
        "那曲市色尼区惠民超市",
        "540602",
        "92",
        "0896-3827788",
        (("nagqu_clerk", "尼玛", "head"),),
        address="那曲市色尼区文化路",
        checked_by="nagqu_inspector",
    ),
    Player(
        "lab",
        "laboratory",
        "西藏高原农产品质量检测中心",
        "540102",
        "12",
        "0891-6325599",
        (("lab_head", "陈静", "head"),),
        (("en", "Tibet Plateau Produce Testing Centre"),),
        "拉萨市城关区金珠西路",
        checked_by="operator",
    ),
    Player(
        "sorghum_coop",
        "cooperative",
        "喀左大城子高粱种植农民专业合作社",
        "211324",
        "93",
        "0421-4862210",
        (("sorghum_head", "白玉山", "head"),),
        address="喀左县大城子街道",
        checked_by="kazuo_inspector",
    ),
    Player(
        "brewery",
        "processor",
        "喀左塔沟陈醋酿造有限公司",
        "211324",
        "91",
        "0421-4863366",
        (("brewer", "乌兰", "head"),),
        (("en", "Kazuo Tagou Vinegar Brewery Co."),),
        "喀左县公营子镇工业路6号",
        checked_by="kazuo_inspector",
    ),
    Player(
        "millet_coop",
        "cooperative",
        "内乡赤眉杂粮种植农民专业合作社",
        "411325",
        "93",
        "0377-65332210",
        (("millet_head", "张秀英", "head"),),
        (("en", "Neixiang Chimei Minor Grain Co-operative"),),
        "内乡县赤眉镇",
        checked_by="neixiang_inspector",
    ),
    Player(
        "mill",
        "processor",
        "内乡宛西粮食加工厂",
        "411325",
        "91",
        "0377-65336688",
        (("miller", "赵国强", "head"), ("mill_tester", "孙梅", "quality_officer")),
        (("en", "Neixiang Wanxi Grain Mill"),),
        "内乡县产业集聚区",
        checked_by="neixiang_inspector",
    ),
    Player(
        "baisha_station",
        "township_station",
        "白沙邦溪镇电商综合服务站",
        "469025102",
        "12",
        "0898-27771234",
        (("baisha_clerk", "符海英", "head"),),
        (("en", "Baisha Bangxi Township Station"),),
        "白沙县邦溪镇",
        checked_by="operator",
    ),
    Player(
        "new_coop",
        "cooperative",
        "白沙青松杂粮农民专业合作社",
        "469025",
        "93",
        "0898-27775566",
        (("new_head", "王阿婆", "head"),),
        address="白沙县青松乡",
    ),
)

SITES = (
    ("pasture", "yak_coop", "pasture", "亚拉雪山夏季牧场", "540626100", "31.90", "93.78", 4480),
    (
        "slopes",
        "gatherers",
        "gathering_area",
        "荣布镇虫草采集区",
        "540626101",
        "31.62",
        "93.55",
        4650,
    ),
    ("abattoir", "plant", "slaughterhouse", "羌塘屠宰车间", "540602", "31.48", "92.05", 4510),
    ("workshop", "plant", "workshop", "羌塘风干肉车间", "540602", "31.48", "92.05", 4510),
    ("lhasa", "lhasa_shop", "shop", "八廓街店", "540102", "29.65", "91.13", 3650),
    ("nagqu", "nagqu_shop", "shop", "惠民超市", "540602", "31.47", "92.06", 4507),
    ("fields", "sorghum_coop", "field", "大城子高粱基地", "211324", "41.13", "119.74", 320),
    ("cellar", "brewery", "workshop", "塔沟老醋坊", "211324", "41.05", "119.62", 290),
    ("terraces", "millet_coop", "field", "赤眉谷子基地", "411325", "33.22", "111.67", 260),
    ("mill", "mill", "workshop", "宛西加工车间", "411325", "33.05", "111.84", 180),
    ("bangxi", "baisha_station", "store", "邦溪集配点", "469025102", "19.37", "109.10", 120),
)
