"""English of the domain: region names, frames of questions, words that must be whole tokens."""

FORCED_WORDS = (  # noqa: SIM905
    "what which who whom whose when where why how does do did is are was were will would can could "
    "should has have had been being there this that these those about say says said tell me please "
    "explain describe list compare between many much target goal plan plans planned planning city "
    "province government report five year policy measures budget grow growth rate increase decrease "
    "improve build elderly school hospital housing job jobs pension"
).split()

FRAMES = (
    "What is being done about {}?",
    "What does the plan say about {}?",
    "How will {} be improved?",
    "What is the target for {} by 2030?",
    "plans for {}",
    "How many {}?",
    "measures to promote {}",
    "{} in the 15th five-year plan",
    "Which policies support {}?",
    "{}",
)

# Region names as English readers write them; both sides are ordinary pairs for training.
REGIONS = {
    "Beijing": "北京市", "Shanghai": "上海市", "Tianjin": "天津市", "Chongqing": "重庆市",
    "Guangdong": "广东省", "Guangzhou": "广州市", "Shenzhen": "深圳市", "Jiangsu": "江苏省",
    "Suzhou": "苏州市", "Nanjing": "南京市", "Zhejiang": "浙江省", "Hangzhou": "杭州市",
    "Ningbo": "宁波市", "Anhui": "安徽省", "Hefei": "合肥市", "Fujian": "福建省", "Xiamen": "厦门市",
    "Fuzhou": "福州市", "Jiangxi": "江西省", "Nanchang": "南昌市", "Shandong": "山东省",
    "Jinan": "济南市", "Qingdao": "青岛市", "Henan": "河南省", "Zhengzhou": "郑州市",
    "Hubei": "湖北省", "Wuhan": "武汉市", "Hunan": "湖南省", "Changsha": "长沙市",
    "Guangxi": "广西壮族自治区", "Nanning": "南宁市", "Hainan": "海南省", "Haikou": "海口市",
    "Sichuan": "四川省", "Chengdu": "成都市", "Guizhou": "贵州省", "Guiyang": "贵阳市",
    "Yunnan": "云南省", "Kunming": "昆明市", "Tibet": "西藏自治区", "Xizang": "西藏自治区",
    "Lhasa": "拉萨市", "Shaanxi": "陕西省", "Xi'an": "西安市", "Gansu": "甘肃省", "Lanzhou": "兰州市",
    "Qinghai": "青海省", "Xining": "西宁市", "Ningxia": "宁夏回族自治区", "Yinchuan": "银川市",
    "Xinjiang": "新疆维吾尔自治区", "Urumqi": "乌鲁木齐市", "Inner Mongolia": "内蒙古自治区",
    "Hohhot": "呼和浩特市", "Hailar": "海拉尔区", "Hulunbuir": "呼伦贝尔市", "Liaoning": "辽宁省",
    "Shenyang": "沈阳市", "Dalian": "大连市", "Jilin": "吉林省", "Changchun": "长春市",
    "Heilongjiang": "黑龙江省", "Harbin": "哈尔滨市", "Hebei": "河北省", "Shijiazhuang": "石家庄市",
    "Shanxi": "山西省", "Taiyuan": "太原市", "Hong Kong": "香港", "Macao": "澳门", "Taiwan": "台湾",
    "Xiongan": "雄安新区", "Yangtze River Delta": "长三角", "Greater Bay Area": "粤港澳大湾区",
    "Beijing-Tianjin-Hebei": "京津冀", "State Council": "国务院", "China": "中国",
}  # fmt: skip


def region_of(title: str) -> tuple[str, str]:
    """Find the region that a title names, in short Chinese and in English; empty where none."""
    for english, name in REGIONS.items():
        if name[:2] in title:
            # These three are never shortened to two characters.
            return name[:3] if name[:2] in {"内蒙", "黑龙", "海拉"} else name[:2], english
    return "", ""
