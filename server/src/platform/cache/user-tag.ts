/** The tag of all that is kept about a user, in whatever domain. */
export const userTag = (userId: string): string => `user:${userId}`
