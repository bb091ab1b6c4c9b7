-- How an account's documents are taxed is agreed like its prices.
alter table agreement drop constraint agreement_kind_check;
alter table agreement add constraint agreement_kind_check check (kind in
  ('CONTRACT_PRICE', 'USAGE_COMMITMENT', 'SPEND_COMMITMENT', 'MONTHLY_FEE', 'TAXATION'));
