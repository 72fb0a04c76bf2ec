{{/* The shipped rules as values change them. */}}

{{/* The groups to make, as YAML. */}}
{{- define "helm-lookout.ruleGroups" -}}
{{- $groups := list -}}
{{- range (.Files.Get "rules/helm-lookout.yaml" | fromYaml).groups -}}
  {{- $rules := list -}}
  {{- range $rule := .rules -}}
    {{- $names := include "helm-lookout.ruleNames" $rule | fromJsonArray -}}
    {{- if not (or (has (first $names) $.Values.prometheusRule.disabled) (has (last $names) $.Values.prometheusRule.disabled)) -}}
      {{- $rules = append $rules (include "helm-lookout.rule" (dict "rule" $rule "names" $names "values" $.Values.prometheusRule) | fromYaml) -}}
    {{- end -}}
  {{- end -}}
  {{- $group := merge (dict "rules" $rules) . -}}
  {{- with $.Values.prometheusRule.interval -}}{{- $_ := set $group "interval" . -}}{{- end -}}
  {{- if $rules -}}{{- $groups = append $groups $group -}}{{- end -}}
{{- end -}}
{{- concat $groups .Values.prometheusRule.extraGroups | toYaml -}}
{{- end -}}

{{/* The names that values may call a rule by, as JSON: NAME and NAME/SEVERITY. */}}
{{- define "helm-lookout.ruleNames" -}}
{{- $name := .alert | default .record -}}
{{- list $name (printf "%s/%s" $name ((.labels | default dict).severity | default "")) | toJson -}}
{{- end -}}

{{/* One rule, of a dict: rule, names, values. */}}
{{- define "helm-lookout.rule" -}}
{{- $rule := deepCopy .rule -}}
{{- if $rule.alert -}}
  {{- $labels := mergeOverwrite ($rule.labels | default dict) (deepCopy .values.alertLabels) -}}
  {{- $annotations := mergeOverwrite ($rule.annotations | default dict) (deepCopy .values.alertAnnotations) -}}
  {{- with .values.runbookBaseUrl -}}
    {{- $_ := set $annotations "runbook_url" (printf "%s/%s" (trimSuffix "/" .) $annotations.runbook_url) -}}
  {{- end -}}
  {{- range .names -}}
    {{- with get $.values.overrides . -}}
      {{- $rule = mergeOverwrite $rule (pick . "expr" "for") -}}
      {{- with .keepFiringFor -}}{{- $_ := set $rule "keep_firing_for" . -}}{{- end -}}
      {{- with .severity -}}{{- $_ := set $labels "severity" . -}}{{- end -}}
      {{- $labels = mergeOverwrite $labels (deepCopy (.labels | default dict)) -}}
      {{- $annotations = mergeOverwrite $annotations (deepCopy (.annotations | default dict)) -}}
    {{- end -}}
  {{- end -}}
  {{- $rule = mergeOverwrite $rule (dict "labels" $labels "annotations" $annotations) -}}
{{- end -}}
{{- toYaml $rule -}}
{{- end -}}
