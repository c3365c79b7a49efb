BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE events (
	session_id VARCHAR(32) NOT NULL, 
	seq INTEGER NOT NULL, 
	t_s FLOAT NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	record JSON NOT NULL, 
	PRIMARY KEY (session_id, seq), 
	FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE
);
INSERT INTO "events" VALUES('96b658a0d7c8452e9245f963d436c144',0,0.0,'session_started','{"kind": "session_started", "t_s": 0.0}');
INSERT INTO "events" VALUES('96b658a0d7c8452e9245f963d436c144',1,0.1,'phase_entered','{"kind": "phase_entered", "t_s": 0.1, "phase": "lower", "side": "left"}');
INSERT INTO "events" VALUES('96b658a0d7c8452e9245f963d436c144',2,1.0,'hold_started','{"kind": "hold_started", "t_s": 1.0, "side": "left", "since_s": 0.7}');
INSERT INTO "events" VALUES('96b658a0d7c8452e9245f963d436c144',3,1.1,'cue_given','{"kind": "cue_given", "t_s": 1.1, "key": "hold", "text": "Good. Rest here, and keep breathing.", "bell": true}');
INSERT INTO "events" VALUES('96b658a0d7c8452e9245f963d436c144',4,1.7,'hold_second','{"kind": "hold_second", "t_s": 1.7, "done_s": 1, "target_s": 20}');
INSERT INTO "events" VALUES('96b658a0d7c8452e9245f963d436c144',5,2.0,'clock_waits','{"kind": "clock_waits", "t_s": 2.0, "reasons": ["shoulder_lifted", "jumped"]}');
INSERT INTO "events" VALUES('96b658a0d7c8452e9245f963d436c144',6,2.0,'fault_seen','{"kind": "fault_seen", "t_s": 2.0, "fault": "shoulder_lifted", "side": null}');
INSERT INTO "events" VALUES('96b658a0d7c8452e9245f963d436c144',7,4.0,'hold_ended','{"kind": "hold_ended", "t_s": 4.0, "side": "left", "since_s": 0.7, "until_s": 3.9, "in_posture_s": 2.5, "why": "knees_left", "timed": false}');
INSERT INTO "events" VALUES('96b658a0d7c8452e9245f963d436c144',8,4.5,'session_ended','{"kind": "session_ended", "t_s": 4.5, "why": "done"}');
INSERT INTO "events" VALUES('ce8a6cf0c80c4041b5ba171c2469d1bc',0,0.0,'session_started','{"kind": "session_started", "t_s": 0.0}');
INSERT INTO "events" VALUES('ce8a6cf0c80c4041b5ba171c2469d1bc',1,0.1,'phase_entered','{"kind": "phase_entered", "t_s": 0.1, "phase": "lower", "side": "left"}');
INSERT INTO "events" VALUES('ce8a6cf0c80c4041b5ba171c2469d1bc',2,1.0,'hold_started','{"kind": "hold_started", "t_s": 1.0, "side": "left", "since_s": 0.7}');
INSERT INTO "events" VALUES('ce8a6cf0c80c4041b5ba171c2469d1bc',3,1.1,'cue_given','{"kind": "cue_given", "t_s": 1.1, "key": "hold", "text": "Good. Rest here, and keep breathing.", "bell": true}');
INSERT INTO "events" VALUES('ce8a6cf0c80c4041b5ba171c2469d1bc',4,1.7,'hold_second','{"kind": "hold_second", "t_s": 1.7, "done_s": 1, "target_s": 20}');
INSERT INTO "events" VALUES('ce8a6cf0c80c4041b5ba171c2469d1bc',5,2.0,'clock_waits','{"kind": "clock_waits", "t_s": 2.0, "reasons": ["shoulder_lifted", "jumped"]}');
INSERT INTO "events" VALUES('ce8a6cf0c80c4041b5ba171c2469d1bc',6,2.0,'fault_seen','{"kind": "fault_seen", "t_s": 2.0, "fault": "shoulder_lifted", "side": null}');
INSERT INTO "events" VALUES('ce8a6cf0c80c4041b5ba171c2469d1bc',7,4.0,'hold_ended','{"kind": "hold_ended", "t_s": 4.0, "side": "left", "since_s": 0.7, "until_s": 3.9, "in_posture_s": 2.5, "why": "knees_left", "timed": false}');
INSERT INTO "events" VALUES('ce8a6cf0c80c4041b5ba171c2469d1bc',8,4.5,'session_ended','{"kind": "session_ended", "t_s": 4.5, "why": "done"}');
INSERT INTO "events" VALUES('03c4612fb83a44798b7b9a684a72041e',0,0.0,'session_started','{"kind": "session_started", "t_s": 0.0}');
INSERT INTO "events" VALUES('03c4612fb83a44798b7b9a684a72041e',1,0.1,'phase_entered','{"kind": "phase_entered", "t_s": 0.1, "phase": "lower", "side": "left"}');
INSERT INTO "events" VALUES('03c4612fb83a44798b7b9a684a72041e',2,1.0,'hold_started','{"kind": "hold_started", "t_s": 1.0, "side": "left", "since_s": 0.7}');
INSERT INTO "events" VALUES('03c4612fb83a44798b7b9a684a72041e',3,1.1,'cue_given','{"kind": "cue_given", "t_s": 1.1, "key": "hold", "text": "Good. Rest here, and keep breathing.", "bell": true}');
INSERT INTO "events" VALUES('03c4612fb83a44798b7b9a684a72041e',4,1.7,'hold_second','{"kind": "hold_second", "t_s": 1.7, "done_s": 1, "target_s": 20}');
INSERT INTO "events" VALUES('03c4612fb83a44798b7b9a684a72041e',5,2.0,'clock_waits','{"kind": "clock_waits", "t_s": 2.0, "reasons": ["shoulder_lifted", "jumped"]}');
INSERT INTO "events" VALUES('03c4612fb83a44798b7b9a684a72041e',6,2.0,'fault_seen','{"kind": "fault_seen", "t_s": 2.0, "fault": "shoulder_lifted", "side": null}');
INSERT INTO "events" VALUES('03c4612fb83a44798b7b9a684a72041e',7,4.0,'hold_ended','{"kind": "hold_ended", "t_s": 4.0, "side": "left", "since_s": 0.7, "until_s": 3.9, "in_posture_s": 2.5, "why": "knees_left", "timed": false}');
CREATE TABLE holds (
	session_id VARCHAR(32) NOT NULL, 
	seq INTEGER NOT NULL, 
	side VARCHAR(8) NOT NULL, 
	start_s FLOAT NOT NULL, 
	end_s FLOAT NOT NULL, 
	record JSON NOT NULL, 
	PRIMARY KEY (session_id, seq), 
	FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE
);
INSERT INTO "holds" VALUES('96b658a0d7c8452e9245f963d436c144',0,'left',8.123,31.5,'{"side": "left", "start_s": 8.123, "end_s": 31.5, "duration_s": 23.377, "in_posture_s": 20.25, "knee_drop_deg": {"value": 55.12, "error": 4.0}, "pelvis_roll_deg": {"value": 34.0, "error": 5.5}, "thorax_roll_deg": {"value": 4.9, "error": 3.1}, "trunk_twist_deg": {"value": 29.1, "error": 6.0}, "hip_swing_deg": {"value": null, "error": null}, "shoulder_lift_m": {"value": 0.0123, "error": 0.0056}, "creep": {"knee_drop_deg": {"gain_deg": {"value": 3.2, "error": 0.8}, "settled_s": {"value": 12.4, "error": 3.0}}, "trunk_twist_deg": {"gain_deg": {"value": null, "error": null}, "settled_s": {"value": null, "error": null}}}, "breathing": {"breaths": {"value": null, "error": null}, "longest_pause_s": {"value": null, "error": null}}, "faults": ["knees_parted", "rushed"], "fault_spans": [{"fault": "knees_parted", "start_s": 12.0, "end_s": 15.5, "size": {"value": 31.2, "error": 8.1}, "unit": "deg"}, {"fault": "rushed", "start_s": 7.0, "end_s": 7.8, "size": {"value": 82.0, "error": 6.0}, "unit": "deg/s"}]}');
INSERT INTO "holds" VALUES('ce8a6cf0c80c4041b5ba171c2469d1bc',0,'left',8.123,31.5,'{"side": "left", "start_s": 8.123, "end_s": 31.5, "duration_s": 23.377, "in_posture_s": 20.25, "knee_drop_deg": {"value": 55.12, "error": 4.0}, "pelvis_roll_deg": {"value": 34.0, "error": 5.5}, "thorax_roll_deg": {"value": 4.9, "error": 3.1}, "trunk_twist_deg": {"value": 29.1, "error": 6.0}, "hip_swing_deg": {"value": null, "error": null}, "shoulder_lift_m": {"value": 0.0123, "error": 0.0056}, "creep": {"knee_drop_deg": {"gain_deg": {"value": 3.2, "error": 0.8}, "settled_s": {"value": 12.4, "error": 3.0}}, "trunk_twist_deg": {"gain_deg": {"value": null, "error": null}, "settled_s": {"value": null, "error": null}}}, "breathing": {"breaths": {"value": null, "error": null}, "longest_pause_s": {"value": null, "error": null}}, "faults": ["knees_parted", "rushed"], "fault_spans": [{"fault": "knees_parted", "start_s": 12.0, "end_s": 15.5, "size": {"value": 31.2, "error": 8.1}, "unit": "deg"}, {"fault": "rushed", "start_s": 7.0, "end_s": 7.8, "size": {"value": 82.0, "error": 6.0}, "unit": "deg/s"}]}');
CREATE TABLE sessions (
	id VARCHAR(32) NOT NULL, 
	started_at VARCHAR(40) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	clip VARCHAR, 
	engine VARCHAR NOT NULL, 
	estimator VARCHAR NOT NULL, 
	"plan" JSON NOT NULL, 
	"view" VARCHAR(16), 
	reasons JSON NOT NULL, 
	duration_s FLOAT NOT NULL, 
	end_reason VARCHAR(24), 
	PRIMARY KEY (id)
);
INSERT INTO "sessions" VALUES('96b658a0d7c8452e9245f963d436c144','2026-11-02T07:30:00+00:00','live',NULL,'kneeroll 0.1.0','network 1','{"name": "Knee rolls", "hold_s": 20.0, "surface": "floor", "cushion_cm": 20.0}','quarter_foot','[]',4.5,'done');
INSERT INTO "sessions" VALUES('ce8a6cf0c80c4041b5ba171c2469d1bc','2026-11-03T07:30:00.250000+00:00','clip','Knie „links“.mp4','kneeroll 0.1.0','network 1','{"name": "Knee rolls", "hold_s": 20.0, "surface": "floor", "cushion_cm": 20.0}','quarter_foot','[]',4.5,'done');
INSERT INTO "sessions" VALUES('03c4612fb83a44798b7b9a684a72041e','2026-11-04T07:30:00+00:00','live',NULL,'kneeroll 0.1.0','network 1','{}',NULL,'[]',4.5,NULL);
CREATE TABLE traces (
	session_id VARCHAR(32) NOT NULL, 
	seq INTEGER NOT NULL, 
	rows INTEGER NOT NULL, 
	packed BLOB NOT NULL, 
	PRIMARY KEY (session_id, seq), 
	FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE
);
INSERT INTO "traces" VALUES('96b658a0d7c8452e9245f963d436c144',0,8,X'789C63606060387BE68CDDD9333EF6B366CEB407B2ED81420EB3664A3A30304C006205A7EDB9CA4E79B7D59C543DB59C6E6FD3759AA462E8E439C9C4C9D858D569D6CCB38EF8705A9A9B033EBC6CB68B0D3E7CF64C8F033E0C54638D0F1B1B2F76C087D3D28EE1C5B3669EC48BD3D2C41CF16106060EBCD890638D0D3ECC40000000D055A0B8');
INSERT INTO "traces" VALUES('ce8a6cf0c80c4041b5ba171c2469d1bc',0,8,X'789C63606060387BE68CDDD9333EF6B366CEB407B2ED81420EB3664A3A30304C006205A7EDB9CA4E79B7D59C543DB59C6E6FD3759AA462E8E439C9C4C9D858D569D6CCB38EF8705A9A9B033EBC6CB68B0D3E7CF64C8F033E0C54638D0F1B1B2F76C087D3D28EE1C5B3669EC48BD3D2C41CF16106060EBCD890638D0D3ECC40000000D055A0B8');
INSERT INTO "traces" VALUES('03c4612fb83a44798b7b9a684a72041e',0,8,X'789C63606060387BE68CDDD9333EF6B366CEB407B2ED81420EB3664A3A30304C006205A7EDB9CA4E79B7D59C543DB59C6E6FD3759AA462E8E439C9C4C9D858D569D6CCB38EF8705A9A9B033EBC6CB68B0D3E7CF64C8F033E0C54638D0F1B1B2F76C087D3D28EE1C5B3669EC48BD3D2C41CF16106060EBCD890638D0D3ECC40000000D055A0B8');
CREATE INDEX ix_sessions_started_at ON sessions (started_at);
COMMIT;
