-- Months whose facts are no longer among the observations, while what was counted of them stays.

CREATE TABLE centre.archived_month (
  month       date PRIMARY KEY CHECK (extract(day FROM month) = 1),
  archived_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  archived_by name NOT NULL DEFAULT session_user,
  facts       bigint NOT NULL,
  relation    text
);
COMMENT ON TABLE centre.archived_month IS 'months that centre.archive_month() took out of centre.observation; their cells, releases and ledger stay, nothing is added to them and nothing of them is published anew';
COMMENT ON COLUMN centre.archived_month.facts IS 'observations of the month when it was archived';
COMMENT ON COLUMN centre.archived_month.relation IS 'the table of centre that holds them; null: centre.drop_archived() let them go';

CREATE INDEX assessment_level_assessment_idx ON centre.assessment_level (assessment_id);

-- Documents wholly of archived months can go: what is sent again for such a month is refused by its day.
UPDATE centre.retention SET expiry = 'delete',
  since = '(SELECT max(m.archived_at) FROM centre.archived_month m WHERE m.month <= x.first_day AND x.last_day < m.month + interval ''1 month'' AND NOT EXISTS (SELECT FROM centre.assessment a WHERE a.document_id = x.document_id))'
  WHERE relation = 'document';
