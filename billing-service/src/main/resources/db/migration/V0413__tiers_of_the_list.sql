-- A list price may have tiers; list_price_krw is then that of the first band.
alter table price_version add column tiers jsonb;
