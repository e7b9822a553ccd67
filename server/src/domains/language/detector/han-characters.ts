/**
 * Characters that only one of the languages written in Han uses in titles: the Cantonese and
 * Hokkien ones of everyday speech, Japan's post-war simplifications, and the simplified forms
 * of the People's Republic that Japan did not also adopt.
 */
const TELLING: readonly (readonly [tag: string, characters: string])[] = [
  ['yue', '嘅咗唔喺佢冇嚟啲哋咁嗰乜嘢噉攞諗'],
  ['nan', '阮袂毋嘸佮佇咱乎'],
  ['ja', '桜涙駅峠働気戦円図変様悪楽広辺帰発対読売覚竜黒毎焼戻払弾鉄続渋沢浜雑髪々恋'],
  [
    'zh',
    '爱时间们说这里见听语东风飞梦长门问开关乐欢难过红绿蓝轻远让还没给单车马鸟鱼龙华发头脸尔带亲谁岁样场从书买云丽习义传伤忆怀态总惊愿爷绝维终结续缘为无热烟灯爸吗呗',
  ],
]

/** The language that a text's Han characters give away, with the characters; else undefined. */
export function tellingCharacters(text: string): { tag: string; characters: string } | undefined {
  for (const [tag, characters] of TELLING) {
    const found = Array.from(text).filter((character) => characters.includes(character))
    if (found.length > 0) return { tag, characters: found.join('') }
  }
  return undefined
}
