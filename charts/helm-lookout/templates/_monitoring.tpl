{{/* What Prometheus is told. */}}

{{/* prometheus.io annotations, of a dict: root, port; empty beside a monitor. */}}
{{- define "helm-lookout.prometheusAnnotations" -}}
{{- $values := .root.Values -}}
{{- if and $values.prometheusAnnotations.enabled (not (or $values.serviceMonitor.enabled $values.podMonitor.enabled)) -}}
prometheus.io/scrape: "true"
prometheus.io/port: {{ .port | quote }}
prometheus.io/path: {{ include "helm-lookout.metricsPath" .root | quote }}
prometheus.io/scheme: {{ include "helm-lookout.scheme" .root }}
{{- end -}}
{{- end -}}

{{/* "true" of a monitor's values that say who scrapes. */}}
{{- define "helm-lookout.hasCredentials" -}}
{{- $tls := .tlsConfig | default dict -}}
{{- $extra := pick (.extraEndpointFields | default dict) "authorization" "basicAuth" "oauth2" "bearerTokenFile" "bearerTokenSecret" -}}
{{- if or .authorization .basicAuth .oauth2 .bearerTokenFile $extra $tls.cert $tls.certFile $tls.keyFile -}}true{{- end -}}
{{- end -}}

{{/* The endpoint of a monitor, of a dict: root, monitor (its values). */}}
{{- define "helm-lookout.endpoint" -}}
{{- $monitor := .monitor -}}
port: metrics
path: {{ include "helm-lookout.metricsPath" .root | quote }}
scheme: {{ $monitor.scheme | default (include "helm-lookout.scheme" .root) }}
honorLabels: {{ $monitor.honorLabels }}
{{- range $field := list "honorTimestamps" "trackTimestampsStaleness" "followRedirects" "enableHttp2" "filterRunning" }}
{{- with get $monitor $field | toString }}
{{- if has . (list "true" "false") }}
{{ $field }}: {{ . }}
{{- end }}
{{- end }}
{{- end }}
{{- range $field := list "interval" "scrapeTimeout" "proxyUrl" "bearerTokenFile" }}
{{- with get $monitor $field }}
{{ $field }}: {{ . | quote }}
{{- end }}
{{- end }}
{{- range $field := list "params" "authorization" "basicAuth" "oauth2" "relabelings" "metricRelabelings" }}
{{- with get $monitor $field }}
{{ $field }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- with include "helm-lookout.endpointTls" . }}
tlsConfig:
  {{- . | nindent 2 }}
{{- end }}
{{- with $monitor.extraEndpointFields }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "helm-lookout.endpointTls" -}}
{{- if .monitor.tlsConfig -}}
{{- toYaml .monitor.tlsConfig -}}
{{- else if and .root.Values.tls.enabled (ne "http" (.monitor.scheme | default "https")) -}}
serverName: {{ include "helm-lookout.serviceHost" .root | quote }}
ca:
  secret:
    name: {{ .root.Values.tls.existingSecret | quote }}
    key: ca.crt
{{- end -}}
{{- end -}}

{{/* What the spec of a monitor holds beside selector and endpoints. */}}
{{- define "helm-lookout.monitorSpec" -}}
{{- $monitor := .monitor -}}
namespaceSelector:
  matchNames: [{{ include "helm-lookout.namespace" .root | quote }}]
{{- range $field := list "jobLabel" "scrapeClass" "bodySizeLimit" }}
{{- with get $monitor $field }}
{{ $field }}: {{ . | quote }}
{{- end }}
{{- end }}
{{- range $field := list "targetLabels" "podTargetLabels" "attachMetadata" "scrapeProtocols" }}
{{- with get $monitor $field }}
{{ $field }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- range $field := list "sampleLimit" "targetLimit" "labelLimit" "labelNameLengthLimit" "labelValueLengthLimit" "keepDroppedTargets" }}
{{- with get $monitor $field }}
{{ $field }}: {{ int64 . }}
{{- end }}
{{- end }}
{{- with $monitor.extraSpecFields }}
{{ toYaml . }}
{{- end }}
{{- end -}}
