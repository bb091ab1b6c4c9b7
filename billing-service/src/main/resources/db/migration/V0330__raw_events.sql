-- A raw event is kept as it came: checked, not taken apart. A NUL could not be read back out of it.
alter table instance_event alter column data type json using data::text::json;
alter table instance_event add check (strpos(data::text, '\u0000') = 0);
