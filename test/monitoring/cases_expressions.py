"""The checker itself: what is right passes, and what is wrong is found."""

from expressions import check

RIGHT = [
    'helm_release_status{status="failed"} == 1',
    'max without (instance, pod, node) (last_over_time(helm_release_status{status=~"pending-.*"}[5m]))',
    'up == 0 and on (job, namespace) last_over_time(helm_lookout_build_info[1d])',
    'histogram_quantile(0.9, sum by (le) (rate(helm_lookout_decode_seconds_bucket[5m])))',
    'topk(3, max by (namespace, name) (helm_release_storage_bytes)) > 5',
    'increase(helm_lookout_payload_fetch_total{result!~"ok|not_found"}[1m])',
]
WRONG = {
    'helm_release_state == 1': "no metric 'helm_release_state'",
    'helm_release_status{state="failed"}': "no label 'state' in helm_release_status",
    'helm_release_status{status="broken"}': "never has status='broken'",
    'helm_release_status{status=~"failed|stuck-.*"}': "never has status='stuck-.*'",
    'helm_repository_sync_total{status="failure"}': "never has status='failure'",
    'sum by (release) (helm_release_info)': "no label 'release'",
    'sum by (name) (sum by (namespace) (helm_release_info))': "no label 'name'",
    'max without (reason) (helm_release_revision)': "no label 'reason'",
    'helm_repository_up{namespace="a"}': "no label 'namespace' in helm_repository_up",
    'up == 0 and on (repository) helm_repository_up': "no label 'repository' in matching",
    'histogram_quantile(0.9, sum(rate(helm_lookout_decode_seconds_bucket[5m])))': "no label 'le'",
    'helm_lookout_decode_seconds': "no metric",
    'sum(helm_release_info': "unclosed",
    'absent(helm_release_nothing)': "no metric",
    'min_over_time(helm_nothing[5m:1m]) > 0': "no metric",
    '-helm_nothing': "no metric",
}


def test_right_expressions_pass(live):
    for expr in RIGHT:
        assert check(expr, live.metrics)[2] == [], expr


def test_wrong_expressions_are_found(live):
    for expr, words in WRONG.items():
        wrong = check(expr, live.metrics)[2]
        assert any(words in each for each in wrong), (expr, wrong)


def test_documented_metrics_are_read(live):
    assert len(live.metrics) > 100, len(live.metrics)
    assert live.metrics["helm_lookout_relists_total"].labels == {"reason"}
    assert live.metrics["helm_release_undecodable"].words > {"gzip", "bad_json"}
