{{/* The container. */}}
{{- define "helm-lookout.container" -}}
name: helm-lookout
image: {{ include "helm-lookout.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
args:
  - --config
  - {{ include "helm-lookout.folder" . }}/settings.yaml
  {{- with .Values.extraArgs }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with include "helm-lookout.environment" . | trim }}
env:
  {{- . | nindent 2 }}
{{- end }}
{{- with .Values.extraEnvFrom }}
envFrom:
  {{- tpl (toYaml .) $ | nindent 2 }}
{{- end }}
ports:
  - name: metrics
    containerPort: {{ include "helm-lookout.metricsPort" . }}
    protocol: TCP
  - name: health
    containerPort: {{ include "helm-lookout.healthPort" . }}
    protocol: TCP
{{- include "helm-lookout.probe" (dict "field" "startupProbe" "path" "/livez" "probe" .Values.probes.startup) }}
{{- include "helm-lookout.probe" (dict "field" "livenessProbe" "path" "/livez" "probe" .Values.probes.liveness) }}
{{- include "helm-lookout.probe" (dict "field" "readinessProbe" "path" "/readyz" "probe" .Values.probes.readiness) }}
{{- with .Values.lifecycle }}
lifecycle:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.resources }}
resources:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
volumeMounts:
  {{- include "helm-lookout.volumeMounts" . | nindent 2 }}
{{- end -}}

{{/* Of a dict: field, path, probe. */}}
{{- define "helm-lookout.probe" -}}
{{- if .probe.enabled }}
{{ .field }}:
  httpGet:
    path: {{ .path }}
    port: health
  {{- toYaml (omit .probe "enabled") | nindent 2 }}
{{- end }}
{{- end -}}
