{{- define "frontdesk.labels" -}}
app.kubernetes.io/name: frontdesk
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "frontdesk.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "frontdesk.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "frontdesk.security" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- /* Environment of every program of the desk; to be called with the root. */ -}}
{{- define "frontdesk.environment" -}}
envFrom:
  - secretRef: {name: {{ .Values.secretName | quote }}}
env:
  - {name: ACTION_URL, value: "http://{{ .Release.Name }}-door-actions:8081/webhook"}
  - {name: SANIC_REAL_IP_HEADER, value: X-Real-IP}
  - {name: LOG_FORMAT, value: json}
{{- range $name, $value := .Values.settings }}
  - {name: {{ $name }}, value: {{ $value | toString | quote }}}
{{- end }}
{{- end }}

{{- define "frontdesk.mounts" -}}
volumeMounts:
  - {name: var, mountPath: /var/lib/frontdesk}
  - {name: tmp, mountPath: /tmp}
{{- if .Values.clinic }}
  - {name: clinic, mountPath: /srv/frontdesk/facts/clinic.yml, subPath: clinic.yml, readOnly: true}
{{- end }}
{{- end }}

{{- define "frontdesk.volumes" -}}
- {name: var, emptyDir: {sizeLimit: 256Mi}}
- {name: tmp, emptyDir: {sizeLimit: 256Mi}}
{{- if .Values.clinic }}
- {name: clinic, configMap: {name: {{ .Release.Name }}-clinic}}
{{- end }}
{{- end }}

{{- define "frontdesk.apart" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels: {app.kubernetes.io/instance: {{ .root.Release.Name }}, app.kubernetes.io/component: {{ .component }}}
{{- end }}
