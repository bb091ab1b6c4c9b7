-- Who was a member is asked when a grant application is judged.
create index member_subject_ended on member (subject, updated_at) where not active;
