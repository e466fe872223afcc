-- Everybody goes on connecting: what they may see there is not for us to take away.
DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO PUBLIC', current_database()); END $$;
