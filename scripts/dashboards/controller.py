"""helm-lookout itself: whether what it says is true and fresh, and what it costs."""

from board import dashboard, row, variable
from panels import BAD, OK, series, stat, words
from tables import column, number, table

HERE = 'job=~"$job", instance=~"$instance"'


def of(metric, matchers=""):
    return f"{metric}{{{HERE}{', ' + matchers if matchers else ''}}}"


def rate(metric, labels):
    return f"sum by ({labels}) (rate({of(metric)}[$__rate_interval]))"


def quantile(share, metric, labels="instance"):
    return (f"histogram_quantile({share}, sum by ({labels}, le) "
            f"(rate({of(metric + '_bucket')}[$__rate_interval])))")


def latency(metric):
    return [(quantile(0.5, metric), "{{instance}} half"), (quantile(0.99, metric), "{{instance}} 99 %")]


def now():
    queries = {
        "A": f"max by (instance, job, version, revision) ({of('helm_lookout_build_info')})",
        "B": f"max by (instance, job) ({of('up')})",
        "C": f"min by (instance, job) ({of('helm_lookout_informer_synced')})",
        "D": f"time() - max by (instance, job) ({of('process_start_time_seconds')})",
        "E": f"max by (instance, job) ({of('helm_lookout_cache_objects')})",
        "F": f"max by (instance, job) ({of('helm_lookout_series')})",
        "G": f"max by (instance, job) ({of('process_resident_memory_bytes')})",
        "H": f"max by (instance, job) (rate({of('process_cpu_seconds_total')}[$__rate_interval]))",
        "I": f"max by (instance, job) ({of('scrape_duration_seconds')})",
        "J": f"max by (instance, job) ({of('helm_lookout_config_reload_success')})",
        "K": f"max by (instance, job) ({of('helm_lookout_config_hash')})"}
    lit = {"custom_cellOptions": {"type": "color-text"}}
    columns = [
        column("instance"), column("job"),
        number("B", "scraped", mappings=words(v0=("down", BAD), v1=("up", OK)), **lit),
        number("C", "synced", mappings=words(v0=("no", BAD), v1=("yes", OK)), **lit),
        column("version"), column("revision"), number("D", "up for", "s"), number("E", "release objects"),
        number("F", "series"), number("G", "memory", "bytes"), number("H", "CPU", "percentunit", decimals=2),
        number("I", "scrape", "s"),
        number("J", "settings", mappings=words(v0=("refused", BAD), v1=("good", OK)), **lit),
        number("K", "settings' hash", "none", decimals=0)]
    return row("Replicas", 6, [table("Replicas", queries, columns,
                                     "Replicas with different hashes run with different settings.")])


def freshness():
    by = "instance, namespace"
    ages = [(f"time() - max by ({by}) ({of(f'helm_lookout_informer_last_{what}_timestamp_seconds')})",
             f"{{{{instance}}}} {{{{namespace}}}} {what}") for what in ("bookmark", "event")]
    return row("Is it fresh?", 8, [
        series("Since the last sign of the API server", ages,
               "A server sends a bookmark about every minute, events when releases change.", "s",
               limit=600),
        series("Watches and lists begun again", [
            (rate("helm_lookout_watch_restarts_total", "instance, reason"), "{{instance}} watch: {{reason}}"),
            (rate("helm_lookout_relists_total", "instance, reason"), "{{instance}} list: {{reason}}")],
            "ended and idle are usual; lists should be rare.", "cps"),
        series("Payloads read", [(rate("helm_lookout_payload_fetch_total", "instance, result"),
                                  "{{instance}} {{result}}")],
               "not_found: the revision was gone before it was read.", "reqps"),
        series("Payloads that could not be decoded",
               [(f"sum by (reason) (increase({of('helm_lookout_decode_errors_total')}[$__rate_interval]))",
                 "{{reason}}"),
                (f"sum(increase({of('helm_lookout_decode_mismatches_total')}[$__rate_interval]))",
                 "the two ways to decode disagreed")],
               "Each version of a Secret counts once.", whole=True)])


def api_server():
    return row("API server", 8, [
        series("Requests", [(rate("rest_client_requests_total", "code"), "{{code}}")],
               "By answer; <error> when there was none.", "reqps", width=8),
        series("Seconds until it answers", latency("rest_client_request_duration_seconds"),
               "Watches count until they begin.", "s", width=8),
        series("Bytes received", [
            (rate("helm_lookout_api_received_bytes_total", "instance"), "{{instance}} all"),
            (rate("helm_lookout_watch_bytes_total", "instance"), "{{instance}} watches")],
               "Payloads are read once, when they become current.", "Bps", width=8)])


def work():
    failed = [(rate("controller_runtime_reconcile_total", "instance, result"), "{{instance}} {{result}}")]
    return row("Work", 8, [
        series("Queue", [(f"max by (instance) ({of('workqueue_depth')})", "{{instance}} waiting"),
                         (f"max by (instance) ({of('workqueue_longest_running_processor_seconds')})",
                          "{{instance}} seconds of the oldest in work")],
               "Releases whose payload is to be read.", "short", width=8),
        series("Reconciles", failed, "Of releases, by result.", "ops", width=8),
        series("Seconds in the queue", latency("workqueue_queue_duration_seconds"),
               "Until a release's turn comes.", "s", width=8),
        series("Seconds to decode", latency("helm_lookout_decode_seconds"), "One payload.", "s", width=8),
        series("Retries", [(rate("workqueue_retries_total", "instance"), "{{instance}}")],
               "Releases put into the queue again after a failure.", "ops", width=8),
        series("Credentials", [
            (rate("helm_lookout_credential_reloads_total", "instance"), "{{instance}} taken over"),
            (rate("helm_lookout_credential_reload_errors_total", "instance"), "{{instance}} unreadable")],
               "Tokens and certificates that were read anew.", "ops", width=8)])


def serving():
    return row("Serving", 8, [
        series("HTTP requests", [(rate("helm_lookout_http_requests_total", "instance, server"),
                                  "{{instance}} {{server}}")], "Answered, by server.", "reqps", width=8),
        series("HTTP trouble", [
            (rate(f"helm_lookout_http_{what}_total", "instance"), f"{{{{instance}}}} {text}")
            for what, text in (("refused_connections", "connections over the limit"),
                               ("bad_requests", "bad requests"), ("timeouts", "too slow"))],
               "What the server refused or ended.", "reqps", width=8),
        series("Size of a scrape", [(of("helm_lookout_scrape_bytes"), "{{instance}}")], "As sent.", "bytes",
               width=8),
        series("Series", [(of("helm_lookout_series"), "{{instance}} of releases"),
                          (of("scrape_samples_scraped"), "{{instance}} scraped in all")],
               "What Prometheus has to store.", width=8, whole=True),
        series("Left out", [(f"increase({of('helm_lookout_dropped_series_total')}[$__rate_interval])",
                             "{{instance}} series over --max-series"),
                            (f"increase({of('helm_lookout_truncated_labels_total')}[$__rate_interval])",
                             "{{instance}} label values cut"),
                            (of("helm_lookout_ignored_secrets"), "{{instance}} Secrets: {{reason}}")],
               "What /metrics does not show, or not whole.", width=8, whole=True),
        series("Chunks rendered", [(of("helm_lookout_render_dirty_chunks"), "{{instance}}")],
               "By the last scrape: few, when few releases changed.", width=8, whole=True)])


def process():
    memory = [(of("process_resident_memory_bytes"), "{{instance}}")]
    return row("Process", 8, [
        series("Memory", memory, "Resident.", "bytes", width=8),
        series("CPU", [(rate("process_cpu_seconds_total", "instance"), "{{instance}}")], "Of one core.",
               "percentunit", width=8),
        series("Open files", [(of("process_open_fds"), "{{instance}}")],
               "The limit is process_max_fds.", width=8, whole=True)])


def access():
    return row("TLS and authentication, where they are on", 8, [
        series("Certificate in use", [
            (f"{of('helm_lookout_tls_certificate_expiry_timestamp_seconds')} - time()",
             "{{instance}} {{server}}")], "How long it is still good.", "s", width=8),
        series("TLS trouble", [
            (rate("helm_lookout_tls_handshake_failures_total", "instance"), "{{instance}} handshakes"),
            (f"1 - {of('helm_lookout_tls_reload_success')}", "{{instance}} certificate refused"),
            (f"1 - {of('helm_lookout_auth_token_file_reload_success')}", "{{instance}} token file refused")],
            "Failed handshakes a second; 1 while changed files are refused.", width=8),
        series("Readers", [(rate("helm_lookout_auth_requests_total", "result"), "{{result}}")],
               "Requests that had to identify themselves.", "reqps", width=8),
        series("Seconds of a review", [(quantile(0.99, "helm_lookout_auth_review_duration_seconds", "review"),
                                        "{{review}} 99 %")],
               "Until the API server said who it is, or what it may.", "s", width=8),
        series("Reviews saved", [(rate("helm_lookout_auth_cache_lookups_total", "cache, result"),
                                  "{{cache}} {{result}}")],
               "Answers from before, and questions to the API server.", "ops", width=8),
        series("Static tokens", [(of("helm_lookout_auth_token_file_tokens"), "{{instance}}")],
               "In effect.", width=8, whole=True)], collapsed=True)


def board():
    # Others have up, process_* and rest_client_* too.
    job = variable("job", "Job", "label_values(helm_lookout_build_info, job)", True, None)
    instance = variable("instance", "Instance",
                        'label_values(helm_lookout_build_info{job=~"$job"}, instance)', True, None)
    return dashboard("controller", "Helm / helm-lookout", "helm-lookout itself: fresh, healthy, cheap.",
                     [job, instance],
                     [now(), freshness(), api_server(), work(), serving(), process(), access()])
