/**
 * Performers who are known for recordings without a singer: from general knowledge, of many times
 * and countries, and far from complete. Where genres are missing hardly anything else in a track's
 * metadata tells. Those who sing, or let sing, on more than about a quarter are left out.
 */
const NAMES: readonly string[] = [
  // Composers, whom classical releases name as performers.
  'johann sebastian bach|antonio vivaldi|georg philipp telemann|domenico scarlatti|joseph haydn',
  'wolfgang amadeus mozart|ludwig van beethoven|niccolo paganini|frederic chopin|franz liszt',
  'felix mendelssohn|johannes brahms|pyotr ilyich tchaikovsky|antonin dvorak|edvard grieg',
  'camille saint-saens|claude debussy|maurice ravel|erik satie|sergei rachmaninoff|igor stravinsky',
  'sergei prokofiev|dmitri shostakovich|jean sibelius|bela bartok|isaac albeniz|enrique granados',
  'francisco tarrega|joaquin rodrigo|johann strauss ii|johann pachelbel|gustav holst|edward elgar',
  'philip glass|steve reich|terry riley|arvo part|michael nyman|leo brouwer|gabriel faure',
  // Their interpreters.
  'glenn gould|martha argerich|lang lang|vladimir horowitz|arthur rubinstein|sviatoslav richter',
  'yuja wang|khatia buniatishvili|alice sara ott|vikingur olafsson|daniel barenboim|andras schiff',
  'yo-yo ma|mstislav rostropovich|jacqueline du pre|itzhak perlman|anne-sophie mutter|hilary hahn',
  'david garrett|andre rieu|lindsey stirling|2cellos|the piano guys|vanessa-mae|hauser|apocalyptica',
  // Scores of films, series and games.
  'hans zimmer|john williams|ennio morricone|james horner|howard shore|danny elfman|alan silvestri',
  'jerry goldsmith|john barry|nino rota|bernard herrmann|henry mancini|thomas newman|lalo schifrin',
  'alexandre desplat|ludwig goransson|hildur gudnadottir|johann johannsson|clint mansell',
  'cliff martinez|carter burwell|james newton howard|harry gregson-williams|ramin djawadi',
  'michael giacchino|bear mccreary|gustavo santaolalla|dario marianelli|rachel portman|miklos rozsa',
  'trent reznor and atticus ross|angelo badalamenti|elmer bernstein|john carpenter|lorne balfe',
  'joe hisaishi|ryuichi sakamoto|nobuo uematsu|koji kondo|jeremy soule|c418|two steps from hell',
  // Piano and strings of today.
  'ludovico einaudi|max richter|nils frahm|olafur arnalds|yann tiersen|yiruma|hania rani|goldmund',
  'joep beving|chilly gonzales|peter broderick|a winged victory for the sullen|giovanni allevi',
  'roberto cacciapaglia|richard clayderman|george winston|jim brickman|secret garden|kevin kern',
  'fabrizio paterlini|sofiane pamart|alexis ffrench|balmorhea|penguin cafe orchestra|kitaro',
  // Jazz and fusion.
  'miles davis|john coltrane|thelonious monk|charles mingus|charlie parker|dizzy gillespie|bill evans',
  'dave brubeck|herbie hancock|wayne shorter|sonny rollins|art blakey|oscar peterson|art tatum',
  'bud powell|mccoy tyner|ornette coleman|cannonball adderley|lee morgan|freddie hubbard|hank mobley',
  'horace silver|dexter gordon|ben webster|coleman hawkins|lester young|stan getz|gerry mulligan',
  'paul desmond|erroll garner|ahmad jamal|keith jarrett|chick corea|weather report|pat metheny',
  'mahavishnu orchestra|wes montgomery|joe pass|grant green|kenny burrell|jim hall|john scofield',
  'bill frisell|john mclaughlin|jaco pastorius|brad mehldau|gogo penguin|badbadnotgood|snarky puppy',
  'kamasi washington|the bad plus|jan garbarek|avishai cohen|tigran hamasyan|hiromi|ryo fukui',
  'casiopea|t-square|jimmy smith|ramsey lewis|vince guaraldi|jacques loussier|stephane grappelli',
  'django reinhardt|bireli lagrene|kenny g|bob james|spyro gyra|dave koz|acker bilk|sidney bechet',
  // Guitar, surf, soul.
  'andres segovia|narciso yepes|julian bream|pepe romero|paco de lucia|sabicas|tomatito|vicente amigo',
  'manolo sanlucar|rodrigo y gabriela|al di meola|ottmar liebert|jesse cook|tommy emmanuel|john fahey',
  'chet atkins|leo kottke|andy mckee|michael hedges|baden powell|yamandu costa|joe satriani|steve vai',
  'yngwie malmsteen|eric johnson|jeff beck|buckethead|polyphia|animals as leaders|plini|link wray',
  'duane eddy|santo & johnny|hank marvin|the shadows|the ventures|the tornados|dick dale|khruangbin',
  'the surfaris|the chantays|the champs|booker t. & the m.g.s|the meters|menahan street band',
  // Light orchestras and brass.
  'herb alpert|james last|bert kaempfert|paul mauriat|franck pourcel|percy faith|mantovani|esquivel',
  'glenn miller|perez prado|fausto papetti|gheorghe zamfir|raymond lefevre|les baxter|martin denny',
  // Electronic and ambient music.
  'jean-michel jarre|vangelis|tangerine dream|klaus schulze|manuel gottsching|isao tomita|brian eno',
  'harold budd|steve roach|stars of the lid|aphex twin|boards of canada|autechre|squarepusher|plaid',
  'four tet|tycho|jon hopkins|tim hecker|william basinski|fennesz|biosphere|carbon based lifeforms',
  'solar fields|shpongle|dj shadow|rjd2|nujabes|emancipator|amon tobin|ulrich schnauss|loscil',
  'basic channel|jeff mills|drexciya|oneohtrix point never|ratatat|marconi union|deuter',
  // Rock bands without a singer.
  'explosions in the sky|mogwai|godspeed you! black emperor|tortoise|god is an astronaut|pelican',
  'this will destroy you|russian circles|caspian|if these trees could talk|maybeshewill',
  'do make say think|the album leaf|mouse on the keys|liquid tension experiment|ozric tentacles',
  'karma to burn|long distance calling|earthless|65daysofstatic',
  // Of India, West Asia and Africa.
  'ravi shankar|shivkumar sharma|hariprasad chaurasia|zakir hussain|ali akbar khan|vilayat khan',
  'bismillah khan|nikhil banerjee|u. srinivas|vishwa mohan bhatt|toumani diabate|anouar brahem',
  'hossein alizadeh|kayhan kalhor|le trio joubran|munir bashir|djivan gasparyan|mulatu astatke',
]

/** A leader's group plays what its leader plays: `The Dave Brubeck Quartet`. */
const GROUP = /(?: and his orchestra| (?:trio|quartet|quintet|sextet|octet|group|band|orchestra))$/
const BETWEEN_NAMES = /\s*[,;/]\s*|\s+(?:feat\.?|ft\.?|with)\s+/iu

/** The names in a text such as `Miles Davis, John Coltrane`. */
export const performersIn = (text: string) => text.split(BETWEEN_NAMES)

/** `The Shadows` and `shadows`, `Ólafur Arnalds` and `Olafur Arnalds` are the same. */
function plain(name: string): string {
  const letters = name
    .normalize('NFKD')
    .replaceAll(/[\p{M}\p{P}]/gu, '')
    .toLowerCase()
  return letters.replaceAll(/\s+/gu, ' ').trim().replace(/^the /, '').replace(GROUP, '')
}

/** Indexes the names once; the function returned tells whether a performer is among them. */
export function createPlayerFinder(): (name: string) => boolean {
  const known = new Set(NAMES.flatMap((names) => names.split('|')).map(plain))
  return (name) => known.has(plain(name))
}
