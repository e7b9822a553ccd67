/** Who is worth the work: those who used the service lately. */
export interface ActiveUsers {
  /** Ids in their order, from the one after `afterUserId`, at most `limit`. */
  after(afterUserId: string | null, since: Date, limit: number): Promise<readonly string[]>
  count(since: Date): Promise<number>
}
