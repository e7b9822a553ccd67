import { LANGUAGES, languageIndex } from './languages.ts'

/**
 * Common words of languages whose titles reach us romanised, where n-grams learnt from native
 * scripts know nothing. Function words and the stock vocabulary of songs (love, heart, night,
 * you and me), in the spellings that releases use; words that English, Spanish or French share
 * (`me`, `the`, `son`) are left out.
 */
export const TITLE_WORDS: Readonly<Record<string, string>> = {
  hi: 'hai hain mein main mujhe tujhe tere tera teri mere mera meri tum tumhe tumhi hum humko ki ke ka ko se kya kyun kyon kaise kahan kabhi abhi phir bhi nahi nahin na naa ho hoon hua hui gaya gayi aaja aao aaya jaa jaane jaana jab tab jo woh wo yeh ye yaar yaara pyar pyaar ishq dil dilbar mohabbat zindagi duniya raat din chand chaand aankhen aankhon saath sanam saajan sajna piya jiya deewana diwana dekha dekho kar karo le lo liya diya koi kuch sab apna aur ek do hi to par pe baar bahar sapne sapna tha thi the raha rahe suno chalo chal bin mat lag ja',
  ur: 'hai mein tere mera dil ishq ke ki ka na tum hum mohabbat zindagi yaar saqi naat nabi maula sarkar',
  pa: 'da di de nu naal tenu mainu sohni sohna yaar jatt jatti kudi kudiyan munda gallan gall ni ve mahi ranjha heer dil tera mera teri meri oye aaja nachna bhangra chunni akhiyan pind kithe ki hoya rabba chan',
  ta: 'naan nee en un enna ennai unnai ennodu unnodu kadhal kaadhal kannu kannil kanne kannan vaa vaanga poo pookal oru illai illa indha antha intha enthan unthan nenjam nenje nenjil manasu manam uyir uyire anbe penne pennae ponnu maama machan mazhai nila nilavu vennila vaanam malare malar paadal thaan thaane ponaal poguthu varum varuvaai sollu sol pol pola ullam ellam yaar yaaro yen eppadi aasai raja rasa chinna thalli amma singara azhagu azhage kili mayil ulagam kaatru',
  te: 'nenu nuvvu neevu nee naa nuvve neeve manasu manasa prema premaa preme premalo priya priyatama cheli chaliya ee oka enti emo emito enduku ela ekkada ra raa rave raave raani po ledu ledhu undi unnadi andi vachindi vacchindi chey chesi cheppu cheppana chinnadi chinnari pilla pillaa bava baava mava abbayi ammayi ammo gunde gundello kalalo kala kanulu kallu kallalo vana vaana vennela chandamama gali gaali puvvu puvvula andam andala jabili intha entha aa ye evaru evaro lo ki ku tho kaadu kosam chudu choodu choosi paata pata raju rani sundari muddu',
  ml: 'njan nee ente ninte en oru entha enthe mazha kannu manassil pranayam pookkal nila poovu kaattu mukham vannu poyi',
  kn: 'naanu neenu ninna nanna ninu ee ondu preethi hrudaya manasu baa hogu illa yaake hege nee sanje male',
  bn: 'ami tumi amar tomar tomake amake bhalobasha bhalobashi mon ei ekta ki keno jodi shudhu din raat akash brishti gaan bondhu',
  ja: 'no wa wo ga ni kimi boku watashi anata koi ai yume kaze sora hana sakura hoshi namida kokoro sekai ashita kyou yoru asa ano kono sono ima mirai toki umi hikari kaeri suki daisuki sayonara arigatou tsuki haru natsu fuyu aki kara made dake datte nai desu omoide kanojo futari hitori inochi tabi machi yuki tenshi akai aoi shiroi kuroi uta',
  ko: 'sarang saranghae neo na nae neoui uri geudae nunmul ibyeol haru gaseum maeum byeol bam oppa hana naega niga jeongmal annyeong anieyo haji mot meolli gidae bogoshipo cheon gaya haneul kkum bimil yeoja namja ajik',
  zh: 'wo ni ta de ai bu shi xin qing meng tian yue hai yu feng hua yi ge yao zai mei you xiang hao ren',
  ar: 'ya habibi habibti albi qalbi elbi ana enta enti inta inti el il fi hob hobb hobak hobbak wala mesh mish leh leih eh eih bahebak bahibak bhebak layali leil leyl omri oyoun oyounak aini ayni yalla wayn min kol kul hayati rohi habib aghla ghali tamally maak ma3ak law lao kan shou shu kif nour nassam zaman salam',
  he: 'ani ata at lo ahava shel shir ein yesh rak od kol lev laila layla yom halev boker tov chai hallelu bo yeladim shalom hakol habayta elohim ima mi ma im haolam osse',
  fa: 'man to eshgh eshghe asheghi asheghe delam dele del ke az be baroon boro bia biya nemishe nemidoonam cheshm cheshmat tanha tanhaei khoda shab yar jan joonam gol age bi',
  el: 'mou sou gia kai den thelo sagapo agapi agapo kardia mia ena to ta tis tou ton na tha eimai eisai esena mena zoi nihta nyhta ola pos pou mi fos an ti se stin sto ston mazi mori matia',
  ru: 'ya ty moy moya moi lyubov lubov serdtse serdce noch zhizn menya tebya tebe ne na eto kak chto gde ya net ona moskva vesna mne vse',
  uk: 'ya ty moya lyubov sertse nich tebe mene kohannya ne ukraina mamo de ty my',
  bg: 'moya moyat lyubov obicham te mi li si az ti ne s teb da',
  sr: 'moja moje moj ljubav ljubavi srce nije nisam sam si da se ja ti ne za od bez te me volim zbog jos samo noc noci',
  th: 'rak ter chan mai khon jai tee hai ja kon kwam',
  hy: 'im du es sirum sirt ser qez kez hayastan',
  ka: 'shen me ar siyvarulo chemi chemo',
}

/** Suffixes that few other languages put on romanised words: weaker than a word. */
export const TITLE_ENDINGS: Readonly<Record<string, RegExp>> = {
  hi: /(?:iya|aaye|aate|iyan|on mein|enge|unga)$/,
  ta: /(?:thaan|aale|athu|kkum|ththa|yile|inil|venum|kaadu|ukku|aayo|aadhe)$/,
  te: /(?:andi|indi|undi|alu|ulu|ello|ammo|inchu|aadu|amma|ayya|emo|ave|unna|aave|alli|anu)$/,
  ja: /(?:tsu|shii|ruyo|nai|katta|masho|monogatari|shita)$/,
}
const ENDING_SUPPORT = 0.35
const MIN_ENDED_LETTERS = 5

/** What marks a language in a text. */
export interface Markers {
  /** By position in `LANGUAGES`: the sum over its words of 1 / √(languages that share the word). */
  support: Float64Array
  /** All words found. */
  words: string[]
}

/** The languages that a word marks, and how much it counts for each. */
type Marks = readonly (readonly [position: number, support: number])[]

function wordIndex(wordsOf: Readonly<Record<string, string>>): Map<string, Marks> {
  const owners = new Map<string, number[]>()
  for (const [tag, words] of Object.entries(wordsOf)) {
    const position = languageIndex(tag)
    for (const word of new Set(words.split(' '))) {
      owners.set(word, [...(owners.get(word) ?? []), position])
    }
  }
  return new Map(
    [...owners].map(([word, positions]) => [
      word,
      positions.map((position) => [position, 1 / Math.sqrt(positions.length)]),
    ]),
  )
}

/**
 * Indexes the words once; the function returned finds the marks of a text.
 * @param wordsOf lower-case words of each language (BCP 47), separated by spaces.
 */
export function createMarkerReader(
  wordsOf: Readonly<Record<string, string>>,
  endingsOf: Readonly<Record<string, RegExp>> = {},
): (text: string) => Markers {
  const marksOfWord = wordIndex(wordsOf)
  const endings = Object.entries(endingsOf)

  function marksOf(word: string): Marks {
    const known = marksOfWord.get(word)
    if (known !== undefined || word.length < MIN_ENDED_LETTERS) return known ?? []
    return endings
      .filter(([, ending]) => ending.test(word))
      .map(([tag]) => [languageIndex(tag), ENDING_SUPPORT])
  }

  return (text) => {
    const support = new Float64Array(LANGUAGES.length)
    const words: string[] = []
    for (const word of new Set(text.toLowerCase().match(/[a-z]+/g))) {
      const marks = marksOf(word)
      if (marks.length > 0) words.push(word)
      for (const [position, amount] of marks) support[position] = (support[position] ?? 0) + amount
    }
    return { support, words }
  }
}
