package io.flyball.protocol.provider;

/**
 * What model servers and gateways offer beside answers of models, by the shape of its path: lists,
 * files, tokenizers. It costs nothing by the token, and goes on untouched also at an endpoint that
 * the user declared. A table, nothing else.
 */
public final class OtherApis {
  private static final String[] ENDS = {
    "/models",
    "/files",
    "/uploads",
    "/batches",
    "/fine_tuning/jobs",
    "/moderations",
    "/audio/speech",
    "/audio/transcriptions",
    "/audio/translations",
    "/tokenize",
    "/detokenize",
    "/apply-template",
    "/count_tokens",
    "/input_tokens",
    "/token_counter",
    "/threads",
    "/assistants",
    "/vector_stores",
    "/health",
    "/healthz",
    "/feedback"
  };

  /** The administration of servers: models, adapters and caches of theirs, and who asks for it. */
  private static final String[] ADMINISTRATION_ENDS = {
    "/load",
    "/unload",
    "/download",
    "/load_lora_adapter",
    "/unload_lora_adapter",
    "/lora-adapters",
    "/sleep",
    "/wake_up",
    "/ping",
    "/reset_prefix_cache",
    "/reset_mm_cache",
    "/reset_encoder_cache",
    "/start_profile",
    "/stop_profile",
    "/scale_elastic_ep",
    "/flush_cache",
    "/abort_request",
    "/release_memory_occupation",
    "/resume_memory_occupation",
    "/update_weights_from_disk",
    "/update_weights_from_tensor",
    "/update_weights_from_distributed",
    "/init_weights_update_group",
    "/api/pull",
    "/api/push",
    "/api/create",
    "/api/copy",
    "/api/delete",
    "/api/show",
    "/repository/index",
    "/logging",
    "/trace/setting",
    "/register",
    "/unregister",
    "/props",
    "/cancel",
    "/metrics",
    "/traces",
    "/logs",
    "/events",
    "/telemetry",
    "/stats",
    "/config",
    "/settings",
    "/login",
    "/logout",
    "/token",
    "/users",
    "/keys",
    "/api_keys",
    "/webhooks",
    "/conversations",
    "/items",
    "/model/new",
    "/model/update",
    "/model/delete",
    "/model/info",
    "/containers"
  };

  private static final String[] ADMINISTRATION_PARTS = {
    "/key/",
    "/user/",
    "/team/",
    "/customer/",
    "/end_user/",
    "/organization/",
    "/organizations/",
    "/budget/",
    "/tag/",
    "/credentials/",
    "/config/",
    "/cache/",
    "/slots/",
    "/uploads/",
    "/auth/",
    "/oauth/"
  };

  /** Search in what was stored. */
  private static final String STORES = "/vector_stores/";

  private OtherApis() {}

  /**
   * Whether a path is one of them. Allocates nothing.
   *
   * @param from where the path of the server's base URL ends; what stands before says nothing
   * @param length where the path ends, and a query may begin
   */
  public static boolean isAt(String path, int from, int length) {
    if (endsIn(ENDS, path, from, length)) {
      return true;
    }
    int stores = path.indexOf(STORES, from);
    return stores >= 0 && stores < length;
  }

  /**
   * Whether a path says that a server is administered; a prompt that is posted there is one all the
   * same.
   *
   * @param from where the path of the server's base URL ends; what stands before says nothing
   */
  public static boolean isAdministration(String path, int from) {
    int length = path.length();
    if (endsIn(ADMINISTRATION_ENDS, path, from, length)) {
      return true;
    }
    for (String part : ADMINISTRATION_PARTS) {
      if (path.indexOf(part, from) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean endsIn(String[] ends, String path, int from, int length) {
    for (String end : ends) {
      int start = length - end.length();
      if (start >= from && path.startsWith(end, start)) {
        return true;
      }
    }
    return false;
  }
}
