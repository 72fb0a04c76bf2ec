{{/* The labels of the test's pod: not those of the Service's pods. */}}
{{- define "helm-lookout.testLabels" -}}
app.kubernetes.io/name: {{ include "helm-lookout.name" . | trunc 58 | trimSuffix "-" }}-test
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{/*
A container that asks the Service for a path, of a dict: root, name, path, wanted (an argument). Whether the certificate is to be
trusted is for scrapers to judge; here it is whether the Service answers.
*/}}
{{- define "helm-lookout.testContainer" -}}
{{- $root := .root -}}
name: {{ .name }}
image: {{ include "helm-lookout.image" $root | quote }}
imagePullPolicy: {{ $root.Values.image.pullPolicy }}
args:
  - probe
  - {{ printf "%s%s" (include "helm-lookout.serviceUrl" $root) .path | quote }}
  - --wait={{ $root.Values.tests.timeout }}
  - --insecure-skip-verify
  {{- with .wanted }}
  - {{ . }}
  {{- end }}
resources:
  requests:
    cpu: 10m
    memory: 16Mi
  limits:
    memory: 64Mi
{{- with $root.Values.securityContext }}
securityContext:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
