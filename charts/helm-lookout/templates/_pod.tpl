{{/* The pod, of the Deployment and of the StatefulSet. */}}
{{- define "helm-lookout.podTemplate" -}}
metadata:
  labels:
    {{- include "helm-lookout.podLabels" . | nindent 4 }}
  annotations:
    {{- include "helm-lookout.podAnnotations" . | nindent 4 }}
spec:
  {{- include "helm-lookout.podSpec" . | nindent 2 }}
{{- end -}}

{{- define "helm-lookout.podLabels" -}}
{{- $selector := include "helm-lookout.selectorLabels" . | fromYaml -}}
{{- mergeOverwrite (deepCopy .Values.commonLabels) (deepCopy .Values.podLabels) $selector | toYaml -}}
{{- end -}}

{{- define "helm-lookout.podAnnotations" -}}
{{- $annotations := include "helm-lookout.checksums" . | fromYaml -}}
{{- if eq .Values.prometheusAnnotations.target "pod" -}}
  {{- $of := dict "root" . "port" (include "helm-lookout.metricsPort" .) -}}
  {{- $annotations = merge $annotations (include "helm-lookout.prometheusAnnotations" $of | fromYaml) -}}
{{- end -}}
{{- mergeOverwrite $annotations (deepCopy .Values.commonAnnotations) (deepCopy .Values.podAnnotations) | toYaml -}}
{{- end -}}

{{/*
Without service links: a Service named helm-lookout would bring variables HELM_LOOKOUT_SERVICE_..., and the program
refuses to start with settings it does not know.
*/}}
{{- define "helm-lookout.podSpec" -}}
serviceAccountName: {{ include "helm-lookout.serviceAccountName" . | quote }}
automountServiceAccountToken: {{ and .Values.serviceAccount.automount (not (empty (include "helm-lookout.asksApiServer" .))) }}
enableServiceLinks: false
{{- with include "helm-lookout.imagePullSecrets" . }}
{{ . }}
{{- end }}
{{- with .Values.podSecurityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- include "helm-lookout.scheduling" . }}
{{- include "helm-lookout.names" . }}
terminationGracePeriodSeconds: {{ int64 .Values.terminationGracePeriodSeconds }}
{{- with .Values.initContainers }}
initContainers:
  {{- tpl (toYaml .) $ | nindent 2 }}
{{- end }}
containers:
  - {{ include "helm-lookout.container" . | nindent 4 | trim }}
  {{- with .Values.sidecars }}
  {{- tpl (toYaml .) $ | nindent 2 }}
  {{- end }}
volumes:
  {{- include "helm-lookout.volumes" . | nindent 2 }}
{{- end -}}

{{/* Where the pod runs. */}}
{{- define "helm-lookout.scheduling" -}}
{{- range $field := list "priorityClassName" "runtimeClassName" "schedulerName" "nodeSelector" "tolerations" }}
{{- with get $.Values $field }}
{{ $field }}: {{ kindIs "string" . | ternary (toYaml .) (toYaml . | nindent 2) }}
{{- end }}
{{- end }}
{{- with .Values.affinity }}
affinity:
  {{- tpl (toYaml .) $ | nindent 2 }}
{{- end }}
{{- with .Values.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- range . }}
  - {{ toYaml . | nindent 4 | trim }}
    {{- if not (hasKey . "labelSelector") }}
    labelSelector:
      matchLabels:
        {{- include "helm-lookout.selectorLabels" $ | nindent 8 }}
    {{- end }}
  {{- end }}
{{- end }}
{{- end -}}

{{/* How the pod resolves names. */}}
{{- define "helm-lookout.names" -}}
{{- range $field := list "hostAliases" "dnsPolicy" "dnsConfig" }}
{{- with get $.Values $field }}
{{ $field }}: {{ kindIs "string" . | ternary (toYaml .) (toYaml . | nindent 2) }}
{{- end }}
{{- end }}
{{- end -}}
