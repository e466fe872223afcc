-- The eight stores and their managers' ids, as the original sample has them. Identities refer to them, so they come with
-- the schema, not with the seed.
INSERT INTO retail.stores (store_id, name, location, region, manager_id, is_online, created_at) VALUES
  ('4c1cf555-9910-525c-a432-cae6cd4d3ec2', 'Zava Retail Seattle',  'Seattle, WA',  'Puget Sound',        'f47ac10b-58cc-4372-a567-0e02b2c3d479', false, '2012-03-17 09:00'),
  ('77e907e0-cbfa-5747-812d-1a8fa4eaa3f0', 'Zava Retail Bellevue', 'Bellevue, WA', 'Puget Sound',        '6ba7b810-9dad-11d1-80b4-00c04fd430c8', false, '2013-05-04 09:00'),
  ('95cf9bc5-dcc1-56c7-9e4e-8164254bad0a', 'Zava Retail Tacoma',   'Tacoma, WA',   'Puget Sound',        'a1b2c3d4-e5f6-7890-abcd-ef1234567890', false, '2014-09-13 09:00'),
  ('0caac0d6-5ffd-5d41-bc99-ef034adc465c', 'Zava Retail Spokane',  'Spokane, WA',  'Eastern Washington', 'd8e9f0a1-b2c3-4567-8901-234567890abc', false, '2015-04-11 09:00'),
  ('ed2ef988-9786-5a3f-8ef0-7abdf70cfe87', 'Zava Retail Everett',  'Everett, WA',  'Puget Sound',        '3b9ac9fa-cd5e-4b92-a7f2-b8c1d0e9f2a3', false, '2016-10-01 09:00'),
  ('ccbee243-58ca-594d-8ecf-8b5d9b3d73de', 'Zava Retail Redmond',  'Redmond, WA',  'Puget Sound',        'e7f8a9b0-c1d2-3e4f-5678-90abcdef1234', false, '2018-06-02 09:00'),
  ('d00e96fc-f1ce-5297-ae4f-63197581dc37', 'Zava Retail Kirkland', 'Kirkland, WA', 'Puget Sound',        '9c8b7a65-4321-fed0-9876-543210fedcba', false, '2019-08-24 09:00'),
  ('ea14658e-3958-54bb-966f-9165a9370393', 'Zava Retail Online',   'Online',       'Online',             '2f4e6d8c-1a3b-5c7e-9f0a-b2d4f6e8c0a2', true,  '2015-01-15 00:00');
