{{/* Environment variables of the container, as a list; those of `extraEnv` stand in place of the chart's. */}}
{{- define "helm-lookout.environment" -}}
{{- $extra := tpl (toYaml .Values.extraEnv) . -}}
{{- $taken := list -}}
{{- range fromYamlArray $extra -}}{{- $taken = append $taken .name -}}{{- end -}}
{{- range include "helm-lookout.ownEnvironment" . | fromYamlArray -}}
{{- if not (has .name $taken) }}
{{ list . | toYaml }}
{{- end }}
{{- end }}
{{- if $taken }}
{{ $extra }}
{{- end }}
{{- end -}}

{{- define "helm-lookout.ownEnvironment" -}}
{{- include "helm-lookout.awsEnvironment" . }}
{{- include "helm-lookout.proxyEnvironment" . }}
{{- if or .Values.caBundle.configMap .Values.caBundle.secret }}
- name: SSL_CERT_FILE
  value: {{ printf "%s/%s" (include "helm-lookout.caBundleFolder" .) .Values.caBundle.key | quote }}
{{- end }}
{{- end -}}

{{- define "helm-lookout.awsEnvironment" -}}
{{- with .Values.aws -}}
{{- range $name, $value := dict "AWS_REGION" .region "AWS_ENDPOINT_URL_S3" .endpoint "AWS_ENDPOINT_URL_STS" .stsEndpoint -}}
{{- if $value }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end -}}
{{- end -}}
{{- if .irsa.projectToken }}
- name: AWS_ROLE_ARN
  value: {{ .irsa.roleArn | quote }}
- name: AWS_WEB_IDENTITY_TOKEN_FILE
  value: {{ include "helm-lookout.awsTokenFolder" $ }}/token
{{- end -}}
{{- end -}}
{{- $secret := include "helm-lookout.awsSecretName" . -}}
{{- if $secret -}}
{{- range $name := list "AWS_ACCESS_KEY_ID" "AWS_SECRET_ACCESS_KEY" "AWS_SESSION_TOKEN" }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $secret | quote }}
      key: {{ $name }}
      {{- if eq $name "AWS_SESSION_TOKEN" }}
      optional: true
      {{- end }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* $(...) is expanded by the kubelet: the API server's address must not go through the proxy. */}}
{{- define "helm-lookout.proxyEnvironment" -}}
{{- $direct := list "$(KUBERNETES_SERVICE_HOST)" ".svc" ".cluster.local" "localhost" "127.0.0.1" "::1" "169.254.169.254" "169.254.170.23" "fd00:ec2::254" "fd00:ec2::23" -}}
{{- with .Values.proxy -}}
{{- if or .httpProxy .httpsProxy .existingSecret .noProxy -}}
{{- range $name, $value := dict "HTTP_PROXY" .httpProxy "HTTPS_PROXY" .httpsProxy }}
{{- if $.Values.proxy.existingSecret }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef:
      name: {{ $.Values.proxy.existingSecret | quote }}
      key: {{ $name }}
      optional: true
{{- else if $value }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}
- name: NO_PROXY
  value: {{ concat $direct (without (list .noProxy) "") | join "," | quote }}
{{- end -}}
{{- end -}}
{{- end -}}
