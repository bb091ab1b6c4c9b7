-- A quarantined host knows what it was in service, to be that again when it is trusted. One that was
-- quarantined on its way into service, for the first time or once more, has nothing to go back to:
-- it must pass its burn-in.
alter table host drop constraint host_goes_back_check;
alter table host add constraint host_goes_back_check
  check (case state when 'QUARANTINED' then state_before is null or accepted_at is not null
                    else (state_before is not null) = (state in ('DRAINING', 'MAINTENANCE')) end);

-- What is quarantined now, by how it came there; what a drain or a maintenance had been is not known
-- any more.
alter table host no force row level security;
alter table host_history no force row level security;
update host h set state_before = case l.from_state when 'CORDONED' then 'CORDONED' else 'ACTIVE' end
from (select distinct on (host_id) host_id, from_state from host_history
      where to_state = 'QUARANTINED' and from_state <> 'QUARANTINED'
      order by host_id, sequence desc) l
where l.host_id = h.id and h.state = 'QUARANTINED' and h.accepted_at is not null
  and l.from_state not in ('DISCOVERED', 'ACCEPTING');
alter table host force row level security;
alter table host_history force row level security;
