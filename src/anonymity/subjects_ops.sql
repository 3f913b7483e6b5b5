
-- Equality, order and hash of the three states, so that they can be grouped, joined and compared.
--= equal subject_set anonymity_subjects anonymity_subjects_hash: the same subjects

--= equal subject_gate anonymity_subjects anonymity_subjects_hash: the same k and subjects, or both reached

--= equal subject_sums anonymity_subjects anonymity_subjects_hash: the same subjects with the same sums
