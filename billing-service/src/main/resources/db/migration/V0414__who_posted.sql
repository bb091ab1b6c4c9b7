-- The name that people know beside the account at the identity provider; of postings before, as far as it was noted elsewhere.
alter table ledger_transaction add column posted_by_name text;

alter table ledger_transaction no force row level security;
alter table ledger_transaction disable trigger user;
alter table invoice_history no force row level security;
alter table invoice_note no force row level security;
update ledger_transaction t set posted_by_name = k.name
from (select distinct on (subject) subject, name
      from (select by_subject as subject, by_name as name, at from invoice_history
            union all select prepared_by, prepared_name, prepared_at from invoice_note
            union all select decided_by, decided_name, decided_at from invoice_note
                      where decided_by is not null) n
      order by subject, at desc) k
where k.subject = t.posted_by;
alter table ledger_transaction enable trigger user;
alter table ledger_transaction force row level security;
alter table invoice_history force row level security;
alter table invoice_note force row level security;
