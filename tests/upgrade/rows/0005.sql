-- A contract whose number has a normal form.

INSERT INTO contracts (number, number_key, company, status, starts_on, ends_on, contact_email, email_domains)
VALUES ('AB 77-2', 'ab772', 'Ødegård Fjord', 'suspended', '2026-02-01', NULL, NULL, '[]');
