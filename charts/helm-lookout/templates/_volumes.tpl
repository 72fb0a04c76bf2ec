{{/* Volumes of the pod and where the container mounts them, item by item. */}}

{{- define "helm-lookout.caBundleFolder" -}}/etc/helm-lookout-ca{{- end -}}
{{- define "helm-lookout.awsTokenFolder" -}}/var/run/secrets/eks.amazonaws.com/serviceaccount{{- end -}}

{{/* The source of a volume, of a dict: configMap, secret, key. */}}
{{- define "helm-lookout.configMapOrSecret" -}}
{{- if .configMap -}}
configMap:
  name: {{ .configMap | quote }}
{{- else -}}
secret:
  secretName: {{ .secret | quote }}
{{- end }}
  items:
    - key: {{ .key | quote }}
      path: {{ .key | quote }}
{{- end -}}

{{/* Settings and credentials are one volume, so that they change at once. */}}
{{- define "helm-lookout.settingsVolume" -}}
name: settings
projected:
  sources:
    - configMap:
        name: {{ include "helm-lookout.fullname" . | quote }}
    {{- with include "helm-lookout.repositoriesSecretName" . }}
    - secret:
        name: {{ . | quote }}
    {{- end }}
    {{- with (include "helm-lookout.repositories" . | fromJson).sources }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
{{- end -}}

{{- define "helm-lookout.volumes" -}}
- {{ include "helm-lookout.settingsVolume" . | nindent 2 | trim }}
{{- if or .Values.caBundle.configMap .Values.caBundle.secret }}
- name: ca-bundle
  {{- include "helm-lookout.configMapOrSecret" .Values.caBundle | nindent 2 }}
{{- end }}
{{- with .Values.tls }}
{{- if .enabled }}
- name: tls
  secret:
    secretName: {{ .existingSecret | quote }}
    items:
      - key: {{ .certKey | quote }}
        path: {{ .certKey | quote }}
      - key: {{ .keyKey | quote }}
        path: {{ .keyKey | quote }}
{{- end }}
{{- if or .clientCa.configMap .clientCa.secret }}
- name: client-ca
  {{- include "helm-lookout.configMapOrSecret" .clientCa | nindent 2 }}
{{- end }}
{{- end }}
{{- with include "helm-lookout.tokensSecretName" . }}
- name: tokens
  secret:
    secretName: {{ . | quote }}
    items:
      - key: {{ $.Values.staticTokens.key | quote }}
        path: {{ $.Values.staticTokens.key | quote }}
{{- end }}
{{- if .Values.aws.irsa.projectToken }}
- name: aws-token
  projected:
    sources:
      - serviceAccountToken:
          audience: {{ .Values.aws.irsa.audience | quote }}
          expirationSeconds: {{ int64 .Values.aws.irsa.tokenExpirationSeconds }}
          path: token
{{- end }}
{{- with .Values.extraVolumes }}
{{ tpl (toYaml .) $ }}
{{- end }}
{{- end -}}

{{- define "helm-lookout.volumeMounts" -}}
- name: settings
  mountPath: {{ include "helm-lookout.folder" . }}
  readOnly: true
{{- if or .Values.caBundle.configMap .Values.caBundle.secret }}
- name: ca-bundle
  mountPath: {{ include "helm-lookout.caBundleFolder" . }}
  readOnly: true
{{- end }}
{{- if .Values.tls.enabled }}
- name: tls
  mountPath: {{ include "helm-lookout.tlsFolder" . }}
  readOnly: true
{{- end }}
{{- if or .Values.tls.clientCa.configMap .Values.tls.clientCa.secret }}
- name: client-ca
  mountPath: {{ include "helm-lookout.clientCaFolder" . }}
  readOnly: true
{{- end }}
{{- if include "helm-lookout.tokensSecretName" . }}
- name: tokens
  mountPath: {{ include "helm-lookout.tokensFolder" . }}
  readOnly: true
{{- end }}
{{- if .Values.aws.irsa.projectToken }}
- name: aws-token
  mountPath: {{ include "helm-lookout.awsTokenFolder" . }}
  readOnly: true
{{- end }}
{{- with .Values.extraVolumeMounts }}
{{ tpl (toYaml .) $ }}
{{- end }}
{{- end -}}
