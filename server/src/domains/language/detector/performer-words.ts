/**
 * Words in the names of performers whose titles reach us romanised, where n-grams know nothing:
 * common given names and titles of respect, and the singers whom most recordings name. From
 * general knowledge; a word stands with every language that its bearers often record in.
 */
export const PERFORMER_WORDS: Readonly<Record<string, string>> = {
  ar: 'abdel abdul abou ahmed amr asmahan assala cheb cheba cheikh elissa fairuz fairouz fares farid hakim hamza hassan hosny hussein ibrahim kadim kazem khaled kulthum latifa mahmoud majid mohamed mohammad mohsen mustafa nabil najat nawal oum rachid rashed ragheb sabah samira souad tamer umm wael warda yasmine youssef zaki',
  hi: 'akhtar alka anuradha arijit asha atif bappi bhosle bhupinder dutt geeta ghoshal hariharan hemant jagjit kakkar kavita kishore krishnamurthy kumar lata mahendra mangeshkar manna mohammed mukesh narayan neha nigam noorjehan paudwal pankaj rafi rahat roshan saigal sanu shamshad shankar shreya singh sonu suman suraiya talat udhas udit vishal yagnik',
  ur: 'abida atif fateh ghulam iqbal mehdi noorjehan nusrat parveen rahat sabri',
  pa: 'ammy aujla chamkila daler dhillon diljit dosanjh gill gippy grewal gurdas gurinder harbhajan jazzy karan kaur maan malkit randhawa sandhu sidhu singh surinder surjit virk',
  ta: 'anirudh dhanush eswari govindarajan ilaiyaraaja ilayaraja jairam janaki jayachandran krishnan leela madurai malaysia mano raghavan rajah ravichander santhanam seerkazhi sirkazhi soundararajan soundarrajan srinivas sreenivas subbulakshmi subramaniam sundarambal susheela vani vasudevan vijay viswanathan yesudas yuvan balasubrahmanyam balasubramaniam balasubramanyam',
  te: 'anasuya balamuralikrishna balasubrahmanyam balasubramaniam balasubramanyam chakravarthy devi eswari geetha ghantasala janaki jikki jamuna keeravani leela mano nageswara pithapuram prasad rajeswara ramakrishna ramana rao sailaja sreenivas srinivas sri susheela thaman vani venkateswara yesudas',
  ml: 'chithra jayachandran sujatha vineeth yesudas',
  fa: 'arash dariush ebi googoosh hayedeh homeyra leila mahasti mansour moein shajarian sattar shohreh vigen',
  he: 'arik avraham benayoun chava eyal gidi golan hanan idan ishay kobi moshe naomi ninet noa omer ofra peretz shlomi shlomo shoshana yardena yehoram yehudit yossi zohar',
  el: 'alexiou antonis despina dimitris eleni giannis giorgos glykeria haris haroula manolis mihalis mikis nikos notis panos stavros stelios vasilis yannis yiannis',
}
