package io.flyball.protocol.failure;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What the codes and types of the providers mean. Compared without case and punctuation: the same
 * word comes as {@code rate_limit_exceeded}, {@code RATE_LIMIT_EXCEEDED} and so on.
 */
final class ErrorNames {
  /** Longer than any name that is one. */
  private static final int LONGEST = 100;

  private static final Map<String, FailureKind> KINDS = kinds();

  private ErrorNames() {}

  /** Null when the name says nothing. */
  static FailureKind kind(String name) {
    if (name.length() > LONGEST) {
      return null;
    }
    String plain = plain(name);
    FailureKind kind = KINDS.get(plain);
    if (kind == null && (plain.endsWith("policy") || plain.contains("policyviolation"))) {
      // bio_policy, cyber_policy and whatever comes next.
      return FailureKind.CONTENT_FILTER;
    }
    boolean wrong = plain.startsWith("invalid") || plain.startsWith("unsupported");
    return kind == null && wrong ? FailureKind.INVALID_REQUEST : kind;
  }

  private static Map<String, FailureKind> kinds() {
    Map<String, FailureKind> kinds = new HashMap<>();
    all(
        kinds,
        FailureKind.QUOTA,
        "insufficient_quota credit_balance_exhausted organization_spend_limit_exceeded"
            + " project_spend_limit_exceeded organization_usage_limit_exceeded"
            + " enforced_spend_limit_reached billing_error billing_hard_limit_reached"
            + " billing_not_active payment_required budget_exceeded insufficient_balance"
            + " insufficient_credits insufficient_user_quota exceeded_current_quota_error Arrearage"
            + " minimax_1008 minimax_2056 1113 1309"
            + " BILLING_DISABLED ServiceQuotaExceededException Throttling.BudgetExceeded flyball_budget_exceeded");
    all(
        kinds,
        FailureKind.CONTEXT_WINDOW,
        "context_length_exceeded context_window_exceeded model_context_window_exceeded"
            + " exceed_context_size_error tokens_limit_reached model_max_prompt_tokens_exceeded"
            + " 1261 ContextWindowExceededError flyball_prompt_too_large");
    all(
        kinds,
        FailureKind.CONTENT_FILTER,
        "content_filter content_policy_violation image_content_policy_violation"
            + " ResponsibleAIPolicyViolation content_policy_violation_error moderation_blocked"
            + " minimax_1026 minimax_1027 1300 1301 safety_violation content_violation"
            + " ContentPolicyViolationError DataInspectionFailed flyball_blocked");
    all(
        kinds,
        FailureKind.AUTHENTICATION,
        "authentication_error permission_error permission_denied UNAUTHENTICATED invalid_api_key"
            + " InvalidApiKey API_KEY_INVALID AccessDeniedException ExpiredTokenException"
            + " minimax_1004 minimax_2049 1110 1111 1112 1120 1220"
            + " UnrecognizedClientException InvalidSignatureException"
            + " IncompleteSignatureException MissingAuthenticationTokenException");
    all(
        kinds,
        FailureKind.NOT_FOUND,
        "not_found not_found_error model_not_found model_not_available model_decommissioned"
            + " 1211 1222 DeploymentNotFound ResourceNotFoundException ModelNotFound");
    all(
        kinds,
        FailureKind.RATE_LIMIT,
        "rate_limit_error rate_limit_exceeded rate_limited rate_limit_reached_error"
            + " too_many_requests RESOURCE_EXHAUSTED requests tokens ThrottlingException Throttling"
            + " minimax_1002 minimax_1039 minimax_1041 minimax_2045 1302 1303 1304 1305 1308 1310"
            + " Throttling.RateQuota Throttling.AllocationQuota TooManyRequestsException"
            + " RateLimitError RateLimitReached flyball_rate_limited");
    all(
        kinds,
        FailureKind.OVERLOADED,
        "overloaded overloaded_error server_is_overloaded engine_overloaded_error slow_down"
            + " UNAVAILABLE service_unavailable service_unavailable_error"
            + " ServiceUnavailableException ModelNotReadyException service_tier_capacity_exceeded"
            + " capacity_exceeded insufficient_system_resource flyball_circuit_open");
    all(
        kinds,
        FailureKind.TIMEOUT,
        "timeout timeout_error request_timeout DEADLINE_EXCEEDED ModelTimeoutException"
            + " vector_store_timeout minimax_1001 gateway_timeout RequestTimeOut flyball_timeout");
    all(
        kinds,
        FailureKind.SERVER_ERROR,
        "api_error server_error internal_error internal_server_error INTERNAL UNKNOWN"
            + " minimax_1000 minimax_1013 minimax_1024 minimax_1033 1230 1234"
            + " InternalServerException InternalFailure InternalError ModelErrorException"
            + " ModelStreamErrorException upstream_error flyball_upstream_failed");
    all(
        kinds,
        FailureKind.INVALID_REQUEST,
        "ValidationException ValidationError validation_error FAILED_PRECONDITION OUT_OF_RANGE"
            + " minimax_1042 minimax_2013 1210 1212 1213 1214 1215 image_too_large image_too_small"
            + " image_parse_error image_file_too_large image_file_not_found empty_image_file"
            + " failed_to_download_image request_too_large bad_request BadRequestError string_above_max_length"
            + " unprocessable_entity conflict_error");
    return kinds;
  }

  private static void all(Map<String, FailureKind> kinds, FailureKind kind, String names) {
    for (String name : names.split(" ")) {
      kinds.put(plain(name), kind);
    }
  }

  private static String plain(String name) {
    StringBuilder plain = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      if (Character.isLetterOrDigit(name.charAt(i))) {
        plain.append(name.charAt(i));
      }
    }
    return plain.toString().toLowerCase(Locale.ROOT);
  }
}
