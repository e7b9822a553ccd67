export interface ProfileTables {
  user_profile: {
    user_id: string
    display_name: string
    preferred_languages: string[]
    updated_at: Date
  }
}
