-- What a closed month comes to with a settlement, by tax type: SKUs may have types of their own.
-- Settlements of before have none: their months had one type.
alter table late_usage add column supplies_now jsonb;
