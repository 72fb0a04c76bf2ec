{{/* Names and content of the chart's Secrets; "" when there is none. */}}

{{- define "helm-lookout.repositoriesSecretName" -}}
{{- if (include "helm-lookout.repositories" . | fromJson).files -}}
{{- include "helm-lookout.fullname" . }}-repositories
{{- end -}}
{{- end -}}

{{/* Access keys that the chart's own Secret holds. */}}
{{- define "helm-lookout.awsKeys" -}}
{{- with .Values.aws.credentials -}}
{{- if and .accessKeyId (not .existingSecret) -}}
AWS_ACCESS_KEY_ID: {{ .accessKeyId | quote }}
AWS_SECRET_ACCESS_KEY: {{ .secretAccessKey | quote }}
{{- with .sessionToken }}
AWS_SESSION_TOKEN: {{ . | quote }}
{{- end }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "helm-lookout.awsSecretName" -}}
{{- if .Values.aws.credentials.existingSecret -}}
{{- .Values.aws.credentials.existingSecret -}}
{{- else if include "helm-lookout.awsKeys" . -}}
{{- include "helm-lookout.fullname" . }}-aws
{{- end -}}
{{- end -}}

{{- define "helm-lookout.tokensSecretName" -}}
{{- if .Values.staticTokens.existingSecret -}}
{{- .Values.staticTokens.existingSecret -}}
{{- else if .Values.staticTokens.tokens -}}
{{- include "helm-lookout.fullname" . }}-tokens
{{- end -}}
{{- end -}}
