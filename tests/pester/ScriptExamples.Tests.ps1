# Runs the scripts in examples/ against the simulator: component scripts as the agent does, each in a process of its own
# with its variables in the environment; the others in this session. It runs in Windows PowerShell too.

BeforeDiscovery {
    $examples = [IO.Path]::Combine($PSScriptRoot, '..', '..', 'examples')
    $scripts = @(Get-ChildItem $examples -Filter *.ps1 | ForEach-Object { @{ Name = $_.Name; Path = $_.FullName } })
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Fixture.ps1')
    $examples = [IO.Path]::Combine((Get-Checkout), 'examples')
    $sim = Start-Simulator '--devices 60 --sites 3 --job-ms 0'
    $module = (Get-Module DattoRMM).ModuleBase
    $secret = ConvertTo-SecureString $sim.secret -AsPlainText -Force
    $credential = [Management.Automation.PSCredential]::new($sim.key, $secret)
    $login = @{ Url = $sim.url; Credential = $credential }

    # Scripts import the module by its name, so its folder is on the module path.
    $formerPath = Add-ModulePath

    function Connect-Again {
        Connect-DrmmApi @login
    }

    # Puts a script into a folder of its own beside the module's zip, as the agent does with what is attached, and gives
    # it the variables that the documentation of the scripts asks for.
    function New-Component([string] $Name) {
        $folder = Join-Path $TestDrive ([guid]::NewGuid())
        $packed = Join-Path $folder 'packed'
        [void] (New-Item -ItemType Directory $packed)
        Copy-Item $module (Join-Path $packed 'DattoRMM') -Recurse
        # As in a release, there is a library of another platform.
        $foreign = [IO.Path]::Combine($packed, 'DattoRMM', 'linux-s390x')
        [void] (New-Item -ItemType Directory $foreign)
        Set-Content (Join-Path $foreign 'drmm_native.so') 'x'
        Add-Type -AssemblyName System.IO.Compression.FileSystem
        $zip = Join-Path $folder 'DattoRMM-2.0.0.zip'
        [IO.Compression.ZipFile]::CreateFromDirectory($packed, $zip)
        Copy-Item (Join-Path $examples $Name) $folder
        [pscustomobject]@{
            Folder = $folder
            Zip = $zip
            Script = Join-Path $folder $Name
            Variables = @{
                DRMM_API_KEY = $sim.key
                DRMM_API_SECRET = $sim.secret
                ModuleSha256 = (Get-FileHash $zip -Algorithm SHA256).Hash.ToLowerInvariant()
                COMPUTERNAME = $device.hostname
                CS_PROFILE_UID = $device.siteUid
                CS_PROFILE_NAME = $device.siteName
            }
        }
    }

    $device = @(Get-DrmmDevice | Where-Object { $_.warrantyDate -and $_.hostname })[0]
}

AfterAll {
    $env:PSModulePath = $formerPath
    Stop-Simulator $sim
}

Describe 'Every example' {
    It 'is plain ASCII, strict, stops at errors and explains itself: <Name>' -ForEach $scripts {
        $text = Get-Content $Path -Raw

        $text | Should -Not -Match '[^\x00-\x7F]'
        $text | Should -Match '(?m)^Set-StrictMode -Version Latest$'
        $text | Should -Match '(?m)^\$ErrorActionPreference = ''Stop''$'
        $help = Get-Help $Path
        $help.Synopsis | Should -Match '\.\s*$'
        @($help.examples.example).Count | Should -BeGreaterThan 0
        foreach ($parameter in (Get-Command $Path).ParameterSets[0].Parameters) {
            $known = [Management.Automation.Cmdlet]::CommonParameters +
                [Management.Automation.Cmdlet]::OptionalCommonParameters
            if ($parameter.Name -notin $known) {
                (Get-Help $Path -Parameter $parameter.Name).description.Text | Should -Not -BeNullOrEmpty
            }
        }
    }

    It 'needs nothing that Windows PowerShell 5.1 lacks: <Name>' -ForEach $scripts {
        $tokens = $null
        $errors = $null
        [void] [Management.Automation.Language.Parser]::ParseFile($Path, [ref] $tokens, [ref] $errors)

        $errors | Should -BeNullOrEmpty
        $tokens.Kind | Should -Not -Contain 'QuestionMark'
        "$($tokens.Kind)" | Should -Not -Match 'QuestionQuestion|AndAnd|OrOr|QuestionDot'
    }

    It 'has one way to import the attached module' {
        $texts = 'Component-Application.ps1', 'Component-Monitor.ps1' | ForEach-Object {
            $script = [Management.Automation.Language.Parser]::ParseFile(
                (Join-Path $examples $_), [ref] $null, [ref] $null)
            $script.Find({ $args[0] -is [Management.Automation.Language.FunctionDefinitionAst] -and
                    $args[0].Name -eq 'Import-AttachedModule' }, $true).Extent.Text
        }

        $texts[0] | Should -Be $texts[1]
    }
}

Describe 'The application component' {
    BeforeAll {
        $component = New-Component 'Component-Application.ps1'
        $component.Variables.UdfNumber = '7'
    }

    BeforeEach {
        Connect-Again
        Clear-Received $sim
    }

    It 'imports the attached module, sets the field of its own device and ends with 0' {
        $run = Invoke-ScriptFile $component.Script '-Url', $sim.url $component.Variables

        "$($run.Errors)|$($run.ExitCode)" | Should -Be '|0'
        $run.Output | Should -Be "Field 7 of $($device.hostname) is set."
        (Get-DrmmDevice $device.uid).udf.udf7 | Should -BeLike 'PowerShell * *-bit'
        @(Get-ChildItem $component.Folder -Directory -Filter 'DattoRMM.*').Count | Should -Be 1
    }

    It 'uses what it has expanded before' {
        $expanded = @(Get-ChildItem $component.Folder -Directory -Filter 'DattoRMM.*')[0]
        $manifest = @(Get-ChildItem $expanded.FullName -Filter DattoRMM.psd1 -Recurse)[0]
        $written = $manifest.LastWriteTimeUtc = [datetime]::new(2001, 2, 3, 0, 0, 0, [DateTimeKind]::Utc)

        $run = Invoke-ScriptFile $component.Script '-Url', $sim.url $component.Variables

        $run.ExitCode | Should -Be 0
        $manifest.Refresh()
        $manifest.LastWriteTimeUtc | Should -Be $written
        @(Get-ChildItem $component.Folder -Directory -Filter 'DattoRMM.*').Count | Should -Be 1
    }

    It 'imports nothing from a folder that differs from the zip: <Change>' -ForEach @(
        @{ Change = 'a changed file'; Do = { Add-Content (Join-Path $module.FullName 'DattoRMM.psd1') '# x' } }
        @{ Change = 'a file more'; Do = { Set-Content (Join-Path $module.FullName 'version.dll') 'x' } }
        @{ Change = 'another file'; Do = {
                Rename-Item (Join-Path $module.FullName 'DattoRMM.Types.ps1xml') 'x.ps1xml' } }
    ) {
        $other = New-Component 'Component-Application.ps1'
        $other.Variables.UdfNumber = '7'
        (Invoke-ScriptFile $other.Script '-Url', $sim.url $other.Variables).ExitCode | Should -Be 0
        $expanded = @(Get-ChildItem $other.Folder -Directory -Filter 'DattoRMM.*')[0]
        $module = @(Get-ChildItem $expanded.FullName -Filter DattoRMM.psd1 -Recurse)[0].Directory
        & $Do
        Clear-Received $sim

        $run = Invoke-ScriptFile $other.Script '-Url', $sim.url $other.Variables

        $run.ExitCode | Should -Be 1
        $run.Errors | Should -BeLike '*is not what the zip holds. Nothing was imported.*'
        @(Get-Received $sim) | Should -BeNullOrEmpty
    }

    It 'expands no library of another platform, and removes what ended runs have left' {
        $other = New-Component 'Component-Application.ps1'
        $other.Variables.UdfNumber = '7'
        [void] (Invoke-ScriptFile $other.Script '-Url', $sim.url $other.Variables)
        $expanded = @(Get-ChildItem $other.Folder -Directory -Filter 'DattoRMM.*')[0]
        $old, $new = 'old', 'new' | ForEach-Object { New-Item -ItemType Directory "$($expanded.FullName).$_" }
        Set-Content (Join-Path $old.FullName 'part.txt') 'x'
        $old.LastWriteTimeUtc = [datetime]::UtcNow.AddHours(-2)

        [void] (Invoke-ScriptFile $other.Script '-Url', $sim.url $other.Variables)

        $old.FullName | Should -Not -Exist
        $new.FullName | Should -Exist
        $libraries = @(Get-ChildItem $expanded.FullName -File -Recurse | Where-Object Name -Like 'drmm_native*')
        $libraries.Directory.Name | Should -Be ($expanded.Name -replace '^DattoRMM\.[0-9A-F]+\.', '')
    }

    It 'imports nothing of another hash' {
        $other = New-Component 'Component-Application.ps1'
        $other.Variables.ModuleSha256 = '0' * 64

        $run = Invoke-ScriptFile $other.Script '-Url', $sim.url $other.Variables

        $run.ExitCode | Should -Be 1
        $run.Errors | Should -BeLike '*has the SHA-256*Nothing was imported.'
        @(Get-ChildItem $other.Folder -Directory -Filter 'DattoRMM.*') | Should -BeNullOrEmpty
    }

    It 'tells what is missing' {
        $other = New-Component 'Component-Application.ps1'
        Remove-Item $other.Zip

        $run = Invoke-ScriptFile $other.Script '-Url', $sim.url $other.Variables

        $run.ExitCode | Should -Be 1
        $run.Errors | Should -BeLike '0 files DattoRMM*.zip are in *'
    }

    It 'fails with 1 where the key is refused, and tells no secret' {
        $wrong = $component.Variables.Clone()
        $wrong.DRMM_API_SECRET = 'canary-9f31'

        $run = Invoke-ScriptFile $component.Script '-Url', $sim.url $wrong

        $run.ExitCode | Should -Be 1
        $run.Errors | Should -Not -BeNullOrEmpty
        "$($run.Errors) $($run.Output)" | Should -Not -Match 'canary-9f31'
        @(Get-Received $sim | Where-Object method -ne GET) | Should -BeNullOrEmpty
    }

    It 'sets nothing where its name is not that of one device of the site' {
        $lost = $component.Variables.Clone()
        $lost.CS_PROFILE_UID = [guid]::NewGuid().ToString()

        $run = Invoke-ScriptFile $component.Script '-Url', $sim.url $lost

        $run.ExitCode | Should -Be 1
        @(Get-Received $sim | Where-Object method -ne GET) | Should -BeNullOrEmpty
    }
}

Describe 'The monitor' {
    BeforeAll {
        $component = New-Component 'Component-Monitor.ps1'
        # This machine may be busy; the time that a monitor has is tested by itself.
        $patient = '-Url', $sim.url, '-TimeoutMs', '120000'
    }

    AfterEach {
        Set-Fault $sim ''
    }

    It 'says that all is well and ends with 0' {
        $component.Variables.WarrantyDays = '-100000'

        $run = Invoke-ScriptFile $component.Script $patient $component.Variables

        $run.Output | Should -Be "<-Start Result->`nStatus=OK: warranty until $($device.warrantyDate)`n<-End Result->"
        "$($run.Errors)|$($run.ExitCode)" | Should -Be '|0'
    }

    It 'alerts with its result, its diagnostic and 1' {
        $component.Variables.WarrantyDays = '100000'

        $run = Invoke-ScriptFile $component.Script $patient $component.Variables

        $run.Output | Should -BeLike (
            "<-Start Result->`nStatus=ALERT: warranty until $($device.warrantyDate)`n<-End Result->`n" +
            "<-Start Diagnostic->`nDays left: *. Alert from: 100000.`n<-End Diagnostic->")
        $run.ExitCode | Should -Be 1
    }

    It 'sends one request beside its login' {
        Connect-Again
        Clear-Received $sim

        [void] (Invoke-ScriptFile $component.Script $patient $component.Variables)

        @(Get-Received $sim).Count | Should -Be 1
    }

    It 'ends in its time where there is no answer: with 0, or with 1 if that is to be an alert' {
        Set-Fault $sim '{"match":"* /*","fault":{"delayMs":60000}}'
        $empty = Join-Path $component.Folder 'empty.ps1'
        Set-Content $empty ''
        $start = (Invoke-ScriptFile $empty @() @{}).Milliseconds

        foreach ($alert in 'false', 'true') {
            $component.Variables.AlertOnUnknown = $alert
            $run = Invoke-ScriptFile $component.Script '-Url', $sim.url, '-TimeoutMs', '1000' $component.Variables
            $run.Output | Should -BeLike "<-Start Result->`nStatus=UNKNOWN: no answer`n<-End Result->*after 1000 ms*"
            $run.ExitCode | Should -Be ([int] ($alert -eq 'true'))
            # The time to start a process, twice for the machine's moods, and a second for what is around the check.
            $run.Milliseconds | Should -BeLessThan (1000 + 2 * $start + 1000)
        }
    }

    It 'knows nothing of a warranty date that is none' {
        Connect-Again
        $odd = Get-DrmmDevice $device.uid | ConvertTo-Json -Depth 9 | ConvertFrom-Json
        $odd.warrantyDate = 'soon'
        $list = @{ pageDetails = @{ count = 1; totalCount = 1 }; devices = @($odd) } | ConvertTo-Json -Depth 9
        $rule = @{ match = 'GET /v2/account/devices'; fault = @{ answer = $list; contentType = 'application/json' } }
        Set-Fault $sim ($rule | ConvertTo-Json -Depth 9)
        $changed = $component.Variables.Clone()
        $changed.AlertOnUnknown = 'false'

        $run = Invoke-ScriptFile $component.Script $patient $changed

        $run.Output | Should -BeLike "<-Start Result->`nStatus=UNKNOWN: no answer`n<-End Result->`n*'soon'*"
        "$($run.Errors)|$($run.ExitCode)" | Should -Be '|0'
    }

    It 'says why nothing is known: <Why>' -ForEach @(
        @{ Why = 'the hash'; Variables = @{ ModuleSha256 = '0' * 64 }; Text = 'SHA-256' }
        @{ Why = 'the secret'; Variables = @{ DRMM_API_SECRET = 'canary-9f31' }; Text = 'key' }
        @{ Why = 'the name'; Variables = @{ COMPUTERNAME = 'NOBODY' }; Text = 'named NOBODY' }
    ) {
        $changed = $component.Variables.Clone()
        $changed.AlertOnUnknown = 'true'
        foreach ($name in $Variables.Keys) {
            $changed[$name] = $Variables[$name]
        }

        $run = Invoke-ScriptFile $component.Script $patient $changed

        $run.ExitCode | Should -Be 1
        $run.Output | Should -BeLike "<-Start Result->`nStatus=UNKNOWN: no answer`n<-End Result->`n*$Text*"
        $run.Output | Should -Not -Match 'canary-9f31'
    }
}

Describe 'The component that goes on in another host' {
    It 'passes on environment, output and exit code' {
        # The host that runs this stands for the 64-bit one: it is the same way to another process.
        $script = Join-Path $TestDrive 'relay.ps1'
        $text = Get-Content (Join-Path $examples 'Component-64Bit.ps1') -Raw
        Set-Content $script ($text -replace 'exit 0', 'exit 3')

        $run = Invoke-ScriptFile $script '-In', (Get-Process -Id $PID).Path @{ CS_PROFILE_NAME = 'Acme' }

        $run.Output | Should -Be "64-bit process: $([Environment]::Is64BitProcess)`nSite: Acme"
        $run.ExitCode | Should -Be 3
    }

    It 'stays where it is in a 64-bit process' -Skip:(-not [Environment]::Is64BitProcess) {
        $run = Invoke-ScriptFile (Join-Path $examples 'Component-64Bit.ps1') @() @{ CS_PROFILE_NAME = 'Acme' }

        $run.Output | Should -Be "64-bit process: True`nSite: Acme"
        $run.ExitCode | Should -Be 0
    }
}

Describe 'The device report' {
    It 'writes a row for each device and a column for each name' {
        $file = Join-Path $TestDrive 'devices.csv'
        Set-Content $file 'an old report'

        $written = & (Join-Path $examples 'Export-DeviceReport.ps1') -Path $file -UdfLabel @{ 4 = 'Building' } @login

        $written.FullName | Should -Be $file
        $rows = @(Import-Csv $file -Encoding UTF8)
        $rows.Count | Should -Be 60
        $rows[0].PSObject.Properties.Name[-2, -1] | Should -Be 'uid', 'Building'
        Connect-Again
        $devices = @(Get-DrmmDevice)
        $rows.hostname | Should -Be $devices.hostname
        $rows.Building | Should -Be @($devices | ForEach-Object { "$($_.udf.udf4)" })
        "$file.part" | Should -Not -Exist
        [IO.File]::ReadAllBytes($file)[0..2] | Should -Be 0xEF, 0xBB, 0xBF
    }

    It 'takes the devices of some sites' {
        Connect-Again
        $site = @(Get-DrmmSite)[0]
        $count = @(Get-DrmmDevice -SiteUid $site.uid).Count
        $file = Join-Path $TestDrive 'site.csv'

        [void] (& (Join-Path $examples 'Export-DeviceReport.ps1') -Path $file -SiteName $site.name @login)

        @(Import-Csv $file).Count | Should -Be $count
    }

    It 'writes a file with brackets in its name' {
        $file = Join-Path $TestDrive 'devices[1].csv'

        [void] (& (Join-Path $examples 'Export-DeviceReport.ps1') -Path $file @login)

        @(Import-Csv -LiteralPath $file -Encoding UTF8).Count | Should -Be 60
    }

    It 'leaves the old report alone when it fails' {
        $file = Join-Path $TestDrive 'kept.csv'
        Set-Content $file 'an old report'
        Set-Fault $sim '{"match":"GET /v2/account/devices","fault":{"status":404}}'
        try {
            { & (Join-Path $examples 'Export-DeviceReport.ps1') -Path $file @login } | Should -Throw
        }
        finally {
            Set-Fault $sim ''
        }

        Get-Content $file | Should -Be 'an old report'
        "$file.part" | Should -Not -Exist
    }
}

Describe 'The update of user-defined fields' {
    BeforeEach {
        Connect-Again
        $devices = @(Get-DrmmDevice)[0..2]
        $file = Join-Path $TestDrive 'udf.csv'
        $unknown = [guid]::NewGuid().ToString()
        @(
            [pscustomobject]@{ deviceUid = $devices[0].uid; udf5 = 'value-1'; udf31 = '' }
            [pscustomobject]@{ deviceUid = $unknown; udf5 = 'value-2'; udf31 = 'x' }
            [pscustomobject]@{ deviceUid = $devices[2].uid; udf5 = ''; udf31 = 'value-3' }
        ) | Export-Csv $file -NoTypeInformation -Encoding UTF8
        $update = Join-Path $examples 'Update-DeviceUdf.ps1'
        Clear-Received $sim
    }

    It 'changes nothing in a dry run and says which rows have no device' {
        $summary = & $update -Path $file -WhatIf @login 3> $null

        "$($summary.Rows) $($summary.Done) $($summary.Failed) $($summary.DryRun) $LASTEXITCODE" |
            Should -Be '3 2 1 True 2'
        @(Get-Received $sim | Where-Object method -ne GET) | Should -BeNullOrEmpty
        (Import-Csv (Join-Path $TestDrive 'udf.failed.csv')).deviceUid | Should -Be $unknown
    }

    It 'sets what can be set and writes down what failed, without a value' {
        $summary = & $update -Path $file @login 3> $null

        "$($summary.Rows) $($summary.Done) $($summary.Failed) $($summary.DryRun) $LASTEXITCODE" |
            Should -Be '3 2 1 False 2'
        Connect-Again
        (Get-DrmmDevice $devices[0].uid).udf.udf5 | Should -Be 'value-1'
        (Get-DrmmDevice $devices[2].uid).udf.udf31 | Should -Be 'value-3'
        $report = Get-Content (Join-Path $TestDrive 'udf.failed.csv') -Raw
        $report | Should -BeLike "*$unknown*"
        $report | Should -Not -Match 'value-'
    }

    It 'takes its report away when all is well' {
        @(Import-Csv $file)[0, 2] | Export-Csv $file -NoTypeInformation -Encoding UTF8

        $summary = & $update -Path $file @login

        "$($summary.Done) $($summary.Failed) $LASTEXITCODE" | Should -Be '2 0 0'
        Join-Path $TestDrive 'udf.failed.csv' | Should -Not -Exist
    }

    It 'refuses a file that is not UTF-8 before it sends anything' {
        # As Windows PowerShell and Excel write letters of Western Europe.
        $bytes = [Text.Encoding]::ASCII.GetBytes("deviceUid,udf5`r`n$($devices[0].uid),M?ller`r`n")
        $bytes[[Array]::IndexOf($bytes, [byte] 0x3F)] = 0xFC
        [IO.File]::WriteAllBytes($file, $bytes)

        { & $update -Path $file @login } | Should -Throw '*not in UTF-8*'
        @(Get-Received $sim) | Should -BeNullOrEmpty
    }

    It 'writes its report beside a file with brackets in its name' {
        $odd = Join-Path $TestDrive 'udf[1].csv'
        [IO.File]::Copy($file, $odd)

        [void] (& $update -Path $odd @login 3> $null)

        [IO.File]::Exists((Join-Path $TestDrive 'udf[1].failed.csv')) | Should -BeTrue
    }

    It 'refuses a file with other columns before it sends anything' {
        @([pscustomobject]@{ deviceUid = $devices[0].uid; udf301 = 'x' }) | Export-Csv $file -NoTypeInformation

        { & $update -Path $file @login } | Should -Throw '*udf301*'
        @(Get-Received $sim) | Should -BeNullOrEmpty
    }
}

Describe 'Alerts to a webhook' {
    BeforeAll {
        # A webhook on a free port: it keeps what it receives, and refuses the next so many requests.
        $hook = [hashtable]::Synchronized(@{
                Listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
                Bodies = [Collections.ArrayList]::Synchronized([Collections.ArrayList]::new())
                Refuse = 0
            })
        $hook.Listener.Start()
        $server = [powershell]::Create().AddScript({
                param($hook)
                while ($hook.Listener.Server.IsBound) {
                    $client = $hook.Listener.AcceptTcpClient()
                    $stream = $client.GetStream()
                    $head = ''
                    while (-not $head.EndsWith("`r`n`r`n")) {
                        $head += [char] $stream.ReadByte()
                    }
                    if ($head -match '(?m)^Expect: 100-continue') {
                        $go = [Text.Encoding]::ASCII.GetBytes("HTTP/1.1 100 Continue`r`n`r`n")
                        $stream.Write($go, 0, $go.Length)
                    }
                    $body = [byte[]]::new([int] ($head -replace '(?s)^.*?\nContent-Length: (\d+).*$', '$1'))
                    for ($read = 0; $read -lt $body.Length; ) {
                        $read += $stream.Read($body, $read, $body.Length - $read)
                    }
                    $status = '200 OK'
                    if ($hook.Refuse -gt 0) {
                        $hook.Refuse--
                        $status = '500 Internal Server Error'
                    }
                    else {
                        [void] $hook.Bodies.Add([Text.Encoding]::UTF8.GetString($body))
                    }
                    $answer = "HTTP/1.1 $status`r`nContent-Length: 2`r`nConnection: close`r`n`r`nok"
                    $bytes = [Text.Encoding]::ASCII.GetBytes($answer)
                    $stream.Write($bytes, 0, $bytes.Length)
                    $client.Dispose()
                }
            }).AddArgument($hook)
        [void] $server.BeginInvoke()
        $env:DRMM_WEBHOOK_URL = "http://127.0.0.1:$($hook.Listener.LocalEndpoint.Port)/canary-51c2"
        $send = Join-Path $examples 'Send-AlertToWebhook.ps1'
        Connect-Again
        $wanted = @(Get-DrmmAlert | Where-Object priority -In Critical, High)
    }

    BeforeEach {
        $state = Join-Path $TestDrive "$([guid]::NewGuid()).txt"
        $hook.Bodies.Clear()
    }

    AfterAll {
        $hook.Listener.Stop()
        $server.Dispose()
        Remove-Item Env:DRMM_WEBHOOK_URL
    }

    It 'sends each alert once, in UTF-8' {
        $first = & $send -StatePath $state @login
        $second = & $send -StatePath $state @login

        "$($first.Open) $($first.Sent) $($second.Sent) $LASTEXITCODE" | Should -Be "$($wanted.Count) $($wanted.Count) 0 0"
        $sent = @($hook.Bodies | ForEach-Object { $_ | ConvertFrom-Json })
        $sent.alertUid | Should -Be $wanted.alertUid
        $sent.site | Should -Be $wanted.alertSourceInfo.siteName
        $sent[0].text | Should -BeLike "*: $($wanted[0].GetMessage())"
    }

    It 'tries again what failed, and tells no URL' {
        $hook.Refuse = 1

        $first = & $send -StatePath $state @login 3> (Join-Path $TestDrive 'warnings.txt')
        $code = $LASTEXITCODE
        $second = & $send -StatePath $state @login

        "$($first.Failed) $code $($second.Sent) $LASTEXITCODE" | Should -Be '1 2 1 0'
        $warnings = Get-Content (Join-Path $TestDrive 'warnings.txt') -Raw
        $warnings | Should -Not -BeNullOrEmpty
        $warnings | Should -Not -Match 'canary-51c2'
    }

    It 'tells no URL in the verbose and the debug stream' {
        $DebugPreference = 'Continue'
        $file = Join-Path $TestDrive 'streams.txt'

        [void] (& $send -StatePath $state @login -Verbose *> $file)

        Get-Content $file -Raw | Should -Not -Match 'canary-51c2'
        $hook.Bodies.Count | Should -Be $wanted.Count
    }

    It 'leaves a dead webhook alone after three failures, and forgets nothing' {
        Set-Content $state $wanted[-1].alertUid
        $hook.Refuse = 1000
        try {
            $run = & $send -StatePath $state @login 3> $null
        }
        finally {
            $asked = 1000 - $hook.Refuse
            $hook.Refuse = 0
        }

        "$asked $($run.Sent) $($run.Failed) $LASTEXITCODE" | Should -Be "3 0 $($wanted.Count - 1) 2"
        @(Get-Content $state) | Should -Be $wanted[-1].alertUid
    }

    It 'does nothing while another run is at it' {
        $held = [IO.FileStream]::new("$state.lock", 'OpenOrCreate', 'ReadWrite', 'None')
        try {
            $said = & $send -StatePath $state @login 3>&1
        }
        finally {
            $held.Dispose()
        }

        "$said $LASTEXITCODE" | Should -Be 'Another run is sending alerts; this one has done nothing. 0'
        $hook.Bodies | Should -BeNullOrEmpty
    }

    It 'remembers what is open without sending it, when told so' {
        $run = & $send -StatePath $state -SkipExisting @login

        "$($run.Sent) $($run.Failed) $LASTEXITCODE" | Should -Be '0 0 0'
        $hook.Bodies | Should -BeNullOrEmpty
        @(Get-Content $state) | Should -Be $wanted.alertUid
    }

    It 'sends an alert without source and time' {
        $rule = @{
            match = 'GET /v2/account/alerts/open'
            fault = @{
                contentType = 'application/json'
                answer = '{"pageDetails":{"count":2,"totalCount":2},"alerts":[' +
                    '{"alertUid":"bare-1","priority":"High","alertSourceInfo":null,"timestamp":null},' +
                    '{"alertUid":"bare-2","priority":"High"}]}'
            }
        }
        Set-Fault $sim ($rule | ConvertTo-Json -Depth 9)
        try {
            $run = & $send -StatePath $state @login
        }
        finally {
            Set-Fault $sim ''
        }

        "$($run.Sent) $($run.Failed) $LASTEXITCODE" | Should -Be '2 0 0'
        $bodies = @($hook.Bodies | ForEach-Object { $_ | ConvertFrom-Json })
        $bodies.alertUid | Should -Be 'bare-1', 'bare-2'
        foreach ($name in 'site', 'device', 'time') {
            $bodies[0].$name, $bodies[1].$name | Should -Be $null, $null
        }
    }

    It 'forgets what is no longer open' {
        Set-Content $state 'an-alert-of-old'

        [void] (& $send -StatePath $state @login)

        @(Get-Content $state) | Should -Be $wanted.alertUid
    }

    It 'sends nothing with -WhatIf' {
        [void] (& $send -StatePath $state -WhatIf @login)

        $hook.Bodies | Should -BeNullOrEmpty
        $state | Should -Not -Exist
    }
}

Describe 'A vault' {
    # SecretManagement is not needed: this function stands for its command, which takes the same parameters.
    BeforeAll {
        function Get-Secret([string] $Name, [string] $Vault) {
            if ("$Vault/$Name" -eq 'Store/DattoRMM') { $credential } else { 'text' }
        }
        $connect = Join-Path $examples 'Connect-WithSecretManagement.ps1'
    }

    It 'gives the credential to connect with' {
        Disconnect-DrmmApi

        & $connect -Vault Store -Url $sim.url

        (Get-DrmmAccount).uid | Should -Not -BeNullOrEmpty
    }

    It 'is told when the secret is no credential' {
        { & $connect -SecretName other -Url $sim.url } | Should -Throw '*no credential*'
    }
}

Describe 'The runbook' {
    # These stand for the commands that Azure Automation has in its sandbox.
    BeforeAll {
        function Get-AutomationPSCredential([string] $Name) {
            if ($Name -eq 'DattoRMM') { $credential }
        }
        function Get-AutomationVariable([string] $Name) {
            throw "There is no variable $Name."
        }
        $runbook = Join-Path $examples 'Runbook-OfflineServers.ps1'
    }

    It 'gives the servers that were not seen for long' {
        $servers = @(& $runbook -Hours 1 -Url $sim.url)

        Connect-Again
        $limit = [datetime]::Now.AddHours(-1)
        $expected = @(Get-DrmmDevice | Where-Object {
                $_.deviceType.category -eq 'Server' -and -not $_.online -and $_.GetTime('lastSeen') -lt $limit })
        $expected.Count | Should -BeGreaterThan 0
        $servers.uid | Should -Be $expected.uid
        $servers[0].PSObject.Properties.Name | Should -Be 'siteName', 'hostname', 'lastSeen', 'operatingSystem', 'uid'
    }

    It 'passes over a device without a type' {
        $rule = @{
            match = 'GET /v2/account/devices'
            fault = @{
                contentType = 'application/json'
                answer = '{"pageDetails":{"count":1,"totalCount":1},"devices":[{"id":1,"uid":"u","hostname":"x",' +
                    '"online":false,"deviceType":null,"lastSeen":null}]}'
            }
        }
        Set-Fault $sim ($rule | ConvertTo-Json -Depth 9)
        try {
            & $runbook -Hours 1 -Url $sim.url | Should -BeNullOrEmpty
        }
        finally {
            Set-Fault $sim ''
        }
    }

    It 'fails where there is no platform' {
        { & $runbook } | Should -Throw '*DrmmPlatform*'
    }
}
