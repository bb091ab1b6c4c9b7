-- An invoice has a tax document of each tax type of its lines, each amended by itself.
alter table tax_document add column tax_type text not null
  generated always as (cast(content as jsonb) ->> 'taxType') stored;
alter table tax_document drop constraint tax_document_invoice_id_ordinal_kind_key;
alter table tax_document add unique (invoice_id, tax_type, ordinal, kind);

-- The order in which tax types stand on documents.
create function tax_type_order(tax_type text) returns int language sql immutable parallel safe as
  $$ select array_position(array['TAXED', 'ZERO_RATED', 'EXEMPT', 'OUT_OF_SCOPE'], tax_type) $$;
