-- Distributions: cdf P(X <= x), survival P(X > x) (accurate where the cdf rounds
-- to 1), quantile (smallest x with cdf >= p), and for counts the probability mass.
-- Relative error below 1e-12 for parameters up to 1e6.

CREATE FUNCTION normal_cdf(z float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_normal_cdf'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normal_cdf(float8) IS
  'P(X <= z) of the standard normal; NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION normal_survival(z float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_normal_survival'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normal_survival(float8) IS
  'P(X > z) of the standard normal; NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION normal_quantile(p float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_normal_quantile'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION normal_quantile(float8) IS
  'smallest value whose cdf reaches p of the standard normal; NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION t_cdf(x float8, df float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_t_cdf'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION t_cdf(float8, float8) IS
  'P(X <= x) of the Student''s t with df > 0 degrees of freedom (infinity: normal); NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION t_survival(x float8, df float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_t_survival'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION t_survival(float8, float8) IS
  'P(X > x) of the Student''s t with df > 0 degrees of freedom (infinity: normal); NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION t_quantile(p float8, df float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_t_quantile'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION t_quantile(float8, float8) IS
  'smallest value whose cdf reaches p of the Student''s t with df > 0 degrees of freedom (infinity: normal); NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION chisq_cdf(x float8, df float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_chisq_cdf'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION chisq_cdf(float8, float8) IS
  'P(X <= x) of the chi-square with df > 0 degrees of freedom; NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION chisq_survival(x float8, df float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_chisq_survival'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION chisq_survival(float8, float8) IS
  'P(X > x) of the chi-square with df > 0 degrees of freedom; NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION chisq_quantile(p float8, df float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_chisq_quantile'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION chisq_quantile(float8, float8) IS
  'smallest value whose cdf reaches p of the chi-square with df > 0 degrees of freedom; NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION gamma_cdf(x float8, shape float8, scale float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_gamma_cdf'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION gamma_cdf(float8, float8, float8) IS
  'P(X <= x) of the gamma with shape > 0 and scale > 0 (mean = shape * scale); NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION gamma_survival(x float8, shape float8, scale float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_gamma_survival'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION gamma_survival(float8, float8, float8) IS
  'P(X > x) of the gamma with shape > 0 and scale > 0 (mean = shape * scale); NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION gamma_quantile(p float8, shape float8, scale float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_gamma_quantile'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION gamma_quantile(float8, float8, float8) IS
  'smallest value whose cdf reaches p of the gamma with shape > 0 and scale > 0 (mean = shape * scale); NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION beta_cdf(x float8, a float8, b float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_beta_cdf'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION beta_cdf(float8, float8, float8) IS
  'P(X <= x) of the beta on [0, 1] with a > 0 and b > 0; NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION beta_survival(x float8, a float8, b float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_beta_survival'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION beta_survival(float8, float8, float8) IS
  'P(X > x) of the beta on [0, 1] with a > 0 and b > 0; NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION beta_quantile(p float8, a float8, b float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_beta_quantile'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION beta_quantile(float8, float8, float8) IS
  'smallest value whose cdf reaches p of the beta on [0, 1] with a > 0 and b > 0; NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION poisson_pmf(k float8, mean float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_poisson_pmf'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION poisson_pmf(float8, float8) IS
  'P(X = k), 0 where k is not a whole number of the Poisson with mean >= 0; NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION poisson_cdf(k float8, mean float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_poisson_cdf'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION poisson_cdf(float8, float8) IS
  'P(X <= k) of the Poisson with mean >= 0; NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION poisson_survival(k float8, mean float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_poisson_survival'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION poisson_survival(float8, float8) IS
  'P(X > k) of the Poisson with mean >= 0; NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION poisson_quantile(p float8, mean float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_poisson_quantile'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION poisson_quantile(float8, float8) IS
  'smallest value whose cdf reaches p of the Poisson with mean >= 0; NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION binomial_pmf(k float8, trials float8, prob float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_binomial_pmf'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION binomial_pmf(float8, float8, float8) IS
  'P(X = k), 0 where k is not a whole number of the binomial with a whole number of trials and probability prob; NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION binomial_cdf(k float8, trials float8, prob float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_binomial_cdf'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION binomial_cdf(float8, float8, float8) IS
  'P(X <= k) of the binomial with a whole number of trials and probability prob; NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION binomial_survival(k float8, trials float8, prob float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_binomial_survival'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION binomial_survival(float8, float8, float8) IS
  'P(X > k) of the binomial with a whole number of trials and probability prob; NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION binomial_quantile(p float8, trials float8, prob float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_binomial_quantile'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION binomial_quantile(float8, float8, float8) IS
  'smallest value whose cdf reaches p of the binomial with a whole number of trials and probability prob; NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION negbin_pmf(k float8, mean float8, size float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_negbin_pmf'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION negbin_pmf(float8, float8, float8) IS
  'P(X = k), 0 where k is not a whole number of the negative binomial with mean >= 0 and size > 0 (variance = mean + mean^2/size; size infinity: Poisson); NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION negbin_cdf(k float8, mean float8, size float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_negbin_cdf'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION negbin_cdf(float8, float8, float8) IS
  'P(X <= k) of the negative binomial with mean >= 0 and size > 0 (variance = mean + mean^2/size; size infinity: Poisson); NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION negbin_survival(k float8, mean float8, size float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_negbin_survival'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION negbin_survival(float8, float8, float8) IS
  'P(X > k) of the negative binomial with mean >= 0 and size > 0 (variance = mean + mean^2/size; size infinity: Poisson); NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION negbin_quantile(p float8, mean float8, size float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_negbin_quantile'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION negbin_quantile(float8, float8, float8) IS
  'smallest value whose cdf reaches p of the negative binomial with mean >= 0 and size > 0 (variance = mean + mean^2/size; size infinity: Poisson); NULL if an argument is; NaN or a parameter out of range: error 22023; source: DLMF chapters 7 and 8, Loader 2000';

CREATE FUNCTION negbin_size(mean float8, dispersion float8) RETURNS float8
  AS 'MODULE_PATHNAME', 'statistics_negbin_size'
  LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION negbin_size(float8, float8) IS
  'size of the negative binomial whose variance is dispersion * mean: mean / (dispersion - 1), infinity (Poisson) when dispersion <= 1; both above 0, else error 22023';
