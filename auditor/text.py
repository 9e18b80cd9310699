"""Plain labels and numbers: what two differently typed texts have in common."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_NUMBERING = re.compile(
    r"^(?:第?[一二三四五六七八九十百]{1,3}[、.．,，:：]|[（(][一二三四五六七八九十0-9]{1,3}[）)][、.]?"
    r"|[0-9]{1,2}[、.．)）](?![0-9]))\s*"
)
_SIGN = re.compile(r"^\s*[①-⑳㊀-㊉❶-❿➀-➉]\s*(?=\D)")  # NFKC makes figures of them
_NOT_LABEL = re.compile(r"[^\w]|_")
_TRADITIONAL = (  # letters of such papers
    "們內別動務區單國團執報實審導屬廢強從復應擊據數時書會査條業構機決況無獲現確祕種範糾納組結絡維總織繳續聯與萬處號補複覆規訂計記訟訴詢話該認請議費進過錄開間關際難電項頒題額類體點齊"
    "問許罰發製監購個為爲來兩舉義習鄉縣鎮廳廣東長門陽陰隊辦屆產財資環衛農漁鹽濟營稅貿質檢測標準氣運輸軍職勞險醫藥療護園場龍靈嶺嶼島灣鄭趙吳陳劉張楊揚黃馬驛橋樓樹華蘇寧漢滬貴遼魯贛閩"
    "粵瓊雲肅寶慶衆眾傳統線網術藝視聽聞觀覽讀誌紀級約紅綠編緊練經給繼績係細終緩羅聖脫腦臺舊節莊葉蓋蔣藍蘭虛蟲衝裝裡裏親覺觸註評詞試詳誠語說課調談論證譯變讓豐負貢貨貧買貸賀賓賠賣贊跡"
    "踐車軟較載輔輕輯轄轉辭邊還這連週遠適遲選遺郵鄰釋針鋼錢錯鍵鏈鐵閉閱陸階隨雙雜離靜響頁頂順須預頭頻顧顯風飛館駐驗魚黨歲歷曆殘毀沒淨減溝滅滿潛澤災煙熱爭牆獎獨獻畫異當盡盤礙禮稱穩積"
    "窮筆築簡簽籌糧紙純絕緒縮縱擇擔擬擴攝斷於曉暫極樂樞樣橫檔權歸愛態慣慮憑憲懷戰戶掃採換損撥啟嘗嚴圍圓圖塊壓壞壯夠奮婦學孫寫寬專將對屢層岡峽帳帶幾庫廠彙匯後徵徹恆惡億優儲償備傷僅僑"
    "價儀兒冊則剛創劃勝勢勵協參員喬倉倫偉側偽佈併並佔綜緣縫紹誤誰諾謝識譜責貫賢賬贏軌輪鄧鄒鄖鈉銀銅鋪錦鎖鑒鑑閣闡陝隴陣靂韓韌頓領頸飾駕騰驟鳳鷹麗麥滄濱瀋瀘灤淵渦湯溫漣濰瀏瀾灑爾獅瑪"
    "畝礦禪穎緬臨興艦荊萊蕪薩蘆虯諸豔鐘闕隸綿崗嵐嶽巖巒廟寢尋奧壩壘埡堯塢墾喚劍剝匱厲叢吶呂塗"
    "訪欄説碼設訓狀見敗餘養師診覈輿懸掛願頌繫隱纔謂羣諮馮蕭盧賈閻譚賴龔閲銜徑銷幫揮暢衞卻錶刪棟遷夾丟滯堅牽討洩麼畢達遞饋棄違講貼幣亂閾捨賃輛競繞鞏聲楓礎撐啓贈幹脈邁雖訊薦綱籤謹託紮紓詐騙邏潑棗滾漲"
    "遊"
)
_PLAIN = (  # the same in simplified script
    "们内别动务区单国团执报实审导属废强从复应击据数时书会查条业构机决况无获现确秘种范纠纳组结络维总织缴续联与万处号补复复规订计记讼诉询话该认请议费进过录开间关际难电项颁题额类体点齐"
    "问许罚发制监购个为为来两举义习乡县镇厅广东长门阳阴队办届产财资环卫农渔盐济营税贸质检测标准气运输军职劳险医药疗护园场龙灵岭屿岛湾郑赵吴陈刘张杨扬黄马驿桥楼树华苏宁汉沪贵辽鲁赣闽"
    "粤琼云肃宝庆众众传统线网术艺视听闻观览读志纪级约红绿编紧练经给继绩系细终缓罗圣脱脑台旧节庄叶盖蒋蓝兰虚虫冲装里里亲觉触注评词试详诚语说课调谈论证译变让丰负贡货贫买贷贺宾赔卖赞迹"
    "践车软较载辅轻辑辖转辞边还这连周远适迟选遗邮邻释针钢钱错键链铁闭阅陆阶随双杂离静响页顶顺须预头频顾显风飞馆驻验鱼党岁历历残毁没净减沟灭满潜泽灾烟热争墙奖独献画异当尽盘碍礼称稳积"
    "穷笔筑简签筹粮纸纯绝绪缩纵择担拟扩摄断于晓暂极乐枢样横档权归爱态惯虑凭宪怀战户扫采换损拨启尝严围圆图块压坏壮够奋妇学孙写宽专将对屡层冈峡帐带几库厂汇汇后征彻恒恶亿优储偿备伤仅侨"
    "价仪儿册则刚创划胜势励协参员乔仓伦伟侧伪布并并占综缘缝绍误谁诺谢识谱责贯贤账赢轨轮邓邹郧钠银铜铺锦锁鉴鉴阁阐陕陇阵雳韩韧顿领颈饰驾腾骤凤鹰丽麦沧滨沈泸滦渊涡汤温涟潍浏澜洒尔狮玛"
    "亩矿禅颖缅临兴舰荆莱芜萨芦虬诸艳钟阙隶绵岗岚岳岩峦庙寝寻奥坝垒垭尧坞垦唤剑剥匮厉丛呐吕涂"
    "访栏说码设训状见败余养师诊核舆悬挂愿颂系隐才谓群咨冯萧卢贾阎谭赖龚阅衔径销帮挥畅卫却表删栋迁夹丢滞坚牵讨泄么毕达递馈弃违讲贴币乱阈舍赁辆竞绕巩声枫础撑启赠干脉迈虽讯荐纲签谨托扎纾诈骗逻泼枣滚涨"
    "游"
)
_SIMPLIFIED = str.maketrans(_TRADITIONAL, _PLAIN)
_ONLY_TRADITIONAL = frozenset(_TRADITIONAL) - {"覆"}  # which both scripts have
_UNSEEN = ("\u200b", "\ufeff")  # blanks that `split` does not know
_COMMON = "，：；（）％！？－／．\u3000０１２３４５６７８９"
_WIDE = tuple((sign, unicodedata.normalize("NFKC", sign)) for sign in _COMMON)
_AS_IS = "\n -~\u3001-\u301b\u4e00-\u9fff‘’“”—"  # unchanged, and never joined to a sign before
_RARE = re.compile(f"[{_AS_IS}]?[^{_AS_IS}]+")
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def nfkc(text: str) -> str:
    """Unicode's NFKC: full-width signs and digits become half-width; nothing is dropped.

    The common signs of Chinese text are replaced first: normalising is slow once one is met.
    """
    if unicodedata.is_normalized("NFKC", text):
        return text
    for wide, narrow in _WIDE:
        if wide in text:
            text = text.replace(wide, narrow)
    if unicodedata.is_normalized("NFKC", text):
        return text
    return _RARE.sub(lambda rare: unicodedata.normalize("NFKC", rare[0]), text)


def squeeze(text: str) -> str:
    """NFKC, runs of any white space (also U+3000, nbsp) become one blank, ends trimmed."""
    return " ".join(_words(text))


def compact(text: str) -> str:
    """NFKC without any white space at all: Chinese does not need it."""
    return "".join(_words(text))


def _words(text: str) -> list[str]:
    bare = nfkc(text)
    for sign in _UNSEEN:
        if sign in bare:
            bare = bare.replace(sign, " ")
    return bare.split()


@lru_cache(maxsize=16384)
def plain(text: str) -> str:
    """A label as compared: no numbering, punctuation or white space, NFKC, simplified script."""
    bare = compact(_SIGN.sub("", text)).translate(_SIMPLIFIED)
    return _NOT_LABEL.sub("", _NUMBERING.sub("", bare, count=1))


def simplified(text: str) -> str:
    """A text in simplified script, as far as such papers need it."""
    return text if _ONLY_TRADITIONAL.isdisjoint(text) else text.translate(_SIMPLIFIED)


def ordinal(text: str) -> str:
    """The numbering that a heading starts with, as printed; empty if it has none."""
    match = _NUMBERING.match(compact(text))
    return match.group(0).strip() if match else ""


def chinese_number(text: str) -> int | None:
    """十二 → 12, 二〇二一 → 2021, 三百零五 → 305; None where it is no number below 10,000."""
    if not text or any(c not in _DIGITS and c not in _UNITS for c in text):
        return None
    if not any(c in _UNITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total, digit = 0, None
    for c in text:
        if c in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[c]
            digit = None
        else:
            digit = _DIGITS[c]
    return total + (digit or 0)


def decimal(text: str) -> Decimal | None:
    """An exact decimal, None where the text is none (`nan` and exponents are none)."""
    if not re.fullmatch(r"[+-]?[0-9]+(?:\.[0-9]+)?", text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern admits only decimals
        return None


def written(value: object) -> str:
    """A value as people write it: decimals without exponent, text as it is."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def width(text: str) -> int:
    """Terminal cells that a text takes: CJK characters take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
